package dev.retort.eval;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The quality of a single-label classifier on a test set.
///
/// Macro F1 is the plain mean of F1 over the classes that occur as a label or as a prediction, with
/// 0/0 = 0. Micro F1 pools all classes; with one label and one prediction per row it equals the
/// accuracy, so there is no separate number.
public record ClassificationMetrics(
    double accuracy,
    double macroF1,
    List<ClassScore> classes,
    ConfusionMatrix confusion,
    Calibration calibration) {

  public ClassificationMetrics {
    classes = List.copyOf(classes);
  }

  /// The metrics of `predictions`, whose class i is called `names.get(i)`.
  public static ClassificationMetrics of(Predictions predictions, List<String> names) {
    if (names.size() != predictions.classes()) {
      throw new IllegalArgumentException(
          "there are %d class names but the model tells %d classes apart"
              .formatted(names.size(), predictions.classes()));
    }
    ClassCounts counts =
        ClassCounts.of(predictions, IntStream.range(0, predictions.size()).toArray());
    return new ClassificationMetrics(
        (double) predictions.right() / predictions.size(),
        counts.macroF1(),
        IntStream.range(0, names.size()).mapToObj(i -> counts.score(i, names.get(i))).toList(),
        ConfusionMatrix.of(predictions, names),
        Calibration.of(predictions));
  }

  /// The metrics of a classifier's logits `[rows, classes]`.
  public static ClassificationMetrics of(float[][] logitsNV, int[] labels, List<String> names) {
    return of(Predictions.ofLogits(logitsNV, labels), names);
  }

  /// Micro F1, which is the accuracy.
  public double microF1() {
    return accuracy;
  }

  /// The numbers with their 95 % intervals over test rows: Wilson's for the accuracy, bootstrap
  /// intervals for the others.
  public static Map<Metric, Measured> intervals(Predictions predictions, Bootstrap bootstrap) {
    int rows = predictions.size();
    return Map.of(
        Metric.ACCURACY,
        Measured.share(predictions.right(), rows),
        Metric.MACRO_F1,
        bootstrap.percentile(rows, drawn -> ClassCounts.of(predictions, drawn).macroF1()),
        Metric.EXPECTED_CALIBRATION_ERROR,
        bootstrap.basic(rows, drawn -> Calibration.error(predictions, drawn)),
        Metric.NEGATIVE_LOG_LIKELIHOOD,
        bootstrap.percentile(rows, drawn -> Calibration.negativeLogLikelihood(predictions, drawn)));
  }
}
