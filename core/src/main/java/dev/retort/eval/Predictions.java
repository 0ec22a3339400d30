package dev.retort.eval;

/// What a classifier said about each test row, beside the row's label.
///
/// The predicted class is the most probable one, the lowest index among equals.
public final class Predictions {

  private final int classes;
  private final int[] labels;
  private final int[] predicted;
  private final double[] confidences;
  private final double[] labelLogProbabilities;

  private Predictions(int classes, int[] labels) {
    this.classes = classes;
    this.labels = labels.clone();
    this.predicted = new int[labels.length];
    this.confidences = new double[labels.length];
    this.labelLogProbabilities = new double[labels.length];
  }

  /// Predictions from `logitsNV` `[rows, classes]`, whose softmax is the model's probability.
  ///
  /// @throws IllegalArgumentException naming the first row that is not finite, has another width or
  ///   a label outside the classes
  public static Predictions ofLogits(float[][] logitsNV, int[] labels) {
    Predictions predictions = checked(logitsNV, labels);
    for (int row = 0; row < labels.length; row++) {
      float[] logits = logitsNV[row];
      int best = argmax(logits);
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp((double) logit - logits[best]);
      }
      double logNormalizer = logits[best] + Math.log(sum);
      predictions.predicted[row] = best;
      predictions.confidences[row] = 1 / sum;
      predictions.labelLogProbabilities[row] = logits[labels[row]] - logNormalizer;
    }
    return predictions;
  }

  /// Predictions over so many classes that their scores are not kept: a language model's, where a
  /// row is a hidden token and a class a token of the vocabulary.
  ///
  /// @param classes the number of classes
  /// @param labels the label of each row
  /// @param predicted the class that each row was given
  /// @param confidences the probability of that class
  /// @param labelLogProbabilities the natural logarithm of the label's probability
  public static Predictions ofTokens(
      int classes,
      int[] labels,
      int[] predicted,
      double[] confidences,
      double[] labelLogProbabilities) {
    int rows = labels.length;
    if (rows == 0
        || predicted.length != rows
        || confidences.length != rows
        || labelLogProbabilities.length != rows) {
      throw new IllegalArgumentException(
          "there must be as many answers as labels, and at least one, but are %d and %d"
              .formatted(predicted.length, rows));
    }
    Predictions predictions = new Predictions(classes, labels);
    System.arraycopy(predicted, 0, predictions.predicted, 0, rows);
    System.arraycopy(confidences, 0, predictions.confidences, 0, rows);
    System.arraycopy(labelLogProbabilities, 0, predictions.labelLogProbabilities, 0, rows);
    return predictions;
  }

  /// Predictions from `probabilitiesNV` `[rows, classes]`, each row summing to 1. A label's
  /// probability counts as at least 1.2e-38 (the smallest normal float) in the log loss.
  ///
  /// @throws IllegalArgumentException naming the first row that is no distribution, has another
  ///   width or a label outside the classes
  public static Predictions ofProbabilities(float[][] probabilitiesNV, int[] labels) {
    Predictions predictions = checked(probabilitiesNV, labels);
    for (int row = 0; row < labels.length; row++) {
      float[] probabilities = probabilitiesNV[row];
      requireDistribution(probabilities, row);
      int best = argmax(probabilities);
      predictions.predicted[row] = best;
      predictions.confidences[row] = Math.min(1, probabilities[best]);
      predictions.labelLogProbabilities[row] =
          Math.log(Math.clamp(probabilities[labels[row]], Float.MIN_NORMAL, 1f));
    }
    return predictions;
  }

  /// The number of rows.
  public int size() {
    return labels.length;
  }

  /// The number of classes.
  public int classes() {
    return classes;
  }

  public int label(int row) {
    return labels[row];
  }

  public int predicted(int row) {
    return predicted[row];
  }

  /// The probability of the predicted class.
  public double confidence(int row) {
    return confidences[row];
  }

  /// The natural logarithm of the label's probability.
  public double labelLogProbability(int row) {
    return labelLogProbabilities[row];
  }

  public boolean isRight(int row) {
    return predicted[row] == labels[row];
  }

  /// How many rows are right.
  public int right() {
    int right = 0;
    for (int row = 0; row < size(); row++) {
      right += isRight(row) ? 1 : 0;
    }
    return right;
  }

  private static Predictions checked(float[][] scoresNV, int[] labels) {
    if (scoresNV.length == 0 || scoresNV.length != labels.length) {
      throw new IllegalArgumentException(
          "there must be as many rows of scores as labels, and at least one, but are %d and %d"
              .formatted(scoresNV.length, labels.length));
    }
    int classes = scoresNV[0].length;
    for (int row = 0; row < labels.length; row++) {
      if (scoresNV[row].length != classes || labels[row] < 0 || labels[row] >= classes) {
        throw new IllegalArgumentException(
            "row %d has %d scores and label %d; row 0 has %d scores, and labels count from 0"
                .formatted(row, scoresNV[row].length, labels[row], classes));
      }
      requireFinite(scoresNV[row], row);
    }
    return new Predictions(classes, labels);
  }

  private static void requireFinite(float[] scores, int row) {
    for (int i = 0; i < scores.length; i++) {
      if (!Float.isFinite(scores[i])) {
        throw new IllegalArgumentException(
            "row %d: the score of class %d is %s; only finite scores can be ranked"
                .formatted(row, i, scores[i]));
      }
    }
  }

  private static void requireDistribution(float[] probabilities, int row) {
    double sum = 0;
    boolean negative = false;
    for (float probability : probabilities) {
      sum += probability;
      negative |= probability < 0;
    }
    if (negative || Math.abs(sum - 1) > 1e-3) {
      throw new IllegalArgumentException(
          "row %d: probabilities must be 0 or more and sum to 1 but sum to %s; are they logits?"
              .formatted(row, sum));
    }
  }

  private static int argmax(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      if (scores[i] > scores[best]) {
        best = i;
      }
    }
    return best;
  }
}
