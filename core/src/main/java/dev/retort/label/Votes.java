package dev.retort.label;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What several answers about one text say together.
///
/// @param probabilities one for each label, which sum to 1: the mean over the usable answers
///   (self-consistency, Wang et al. 2023, arXiv 2203.11171)
/// @param label the likeliest; the first of several that are equally so
/// @param agreement share of the usable answers that name it
/// @param usable how many answers could be used
/// @param rationale why, from the first answer that names the label and says so
@SuppressWarnings("ArrayRecordComponent") // read, never written
public record Votes(
    double[] probabilities, int label, double agreement, int usable, Optional<String> rationale) {

  /// Counts `opinions`; empty if none of them can be used.
  public static Optional<Votes> of(List<Opinion> opinions) {
    List<Opinion.Heard> heard =
        opinions.stream()
            .filter(Opinion.Heard.class::isInstance)
            .map(Opinion.Heard.class::cast)
            .toList();
    return heard.isEmpty() ? Optional.empty() : Optional.of(counted(heard));
  }

  private static Votes counted(List<Opinion.Heard> heard) {
    double[] mean = new double[heard.getFirst().probabilities().length];
    for (Opinion.Heard one : heard) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += one.probabilities()[i] / heard.size();
      }
    }
    int likeliest = 0;
    for (int i = 1; i < mean.length; i++) {
      likeliest = mean[i] > mean[likeliest] ? i : likeliest;
    }
    int label = likeliest;
    List<Opinion.Heard> agreeing = heard.stream().filter(one -> one.label() == label).toList();
    return new Votes(
        mean,
        label,
        (double) agreeing.size() / heard.size(),
        heard.size(),
        agreeing.stream().flatMap(one -> one.rationale().stream()).findFirst());
  }

  /// What several said who agree on a label: the mean of their probabilities.
  ///
  /// @throws IllegalArgumentException if they name different labels
  public static Votes agreed(List<Votes> several) {
    if (several.stream().mapToInt(Votes::label).distinct().count() != 1) {
      throw new IllegalArgumentException("these votes name different labels: " + several);
    }
    List<Opinion> opinions =
        several.stream()
            .<Opinion>map(
                votes -> new Opinion.Heard(votes.probabilities, votes.label, votes.rationale))
            .toList();
    Votes mean = of(opinions).orElseThrow();
    double agreement = several.stream().mapToDouble(Votes::agreement).average().orElseThrow();
    int usable = several.stream().mapToInt(Votes::usable).sum();
    return new Votes(
        mean.probabilities, several.getFirst().label, agreement, usable, mean.rationale);
  }

  /// The probability of the likeliest label.
  public double confidence() {
    return probabilities[label];
  }

  /// `log((1 - smoothing) · p + smoothing / K)`: logits whose softmax at temperature 1 is the soft
  /// target. Without smoothing a label that nobody named would be impossible for ever.
  public float[] logits(double smoothing) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      double smooth = (1 - smoothing) * probabilities[i] + smoothing / probabilities.length;
      logits[i] = (float) Math.log(Math.max(smooth, Float.MIN_NORMAL));
    }
    return logits;
  }

  /// What a person says: all probability on one label.
  ///
  /// @param labels how many labels there are
  public static Votes certain(int label, int labels) {
    double[] probabilities = new double[labels];
    probabilities[label] = 1;
    return new Votes(probabilities, label, 1, 1, Optional.empty());
  }

  @Override
  public String toString() {
    return "Votes[label=%d, agreement=%s, probabilities=%s]"
        .formatted(label, agreement, Arrays.toString(probabilities));
  }
}
