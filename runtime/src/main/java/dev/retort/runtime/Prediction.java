package dev.retort.runtime;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// A student's answer to one input: a probability for every label.
public final class Prediction {
  private final List<String> labels;
  private final double[] probabilities;
  private final int best;

  private Prediction(List<String> labels, double[] probabilities, int best) {
    this.labels = labels;
    this.probabilities = probabilities;
    this.best = best;
  }

  /// The calibrated softmax of one row of logits: `p_i = exp(z_i / T) / Σ_j exp(z_j / T)`.
  ///
  /// The largest logit is subtracted first, so that no exponential overflows.
  static Prediction of(List<String> labels, float[] logits, double temperature) {
    int best = 0;
    for (int label = 1; label < logits.length; label++) {
      best = logits[label] > logits[best] ? label : best;
    }
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int label = 0; label < logits.length; label++) {
      probabilities[label] = Math.exp(((double) logits[label] - logits[best]) / temperature);
      sum += probabilities[label];
    }
    for (int label = 0; label < logits.length; label++) {
      probabilities[label] /= sum;
    }
    return new Prediction(labels, probabilities, best);
  }

  /// The most probable label; of equally probable ones, the first in the student's order.
  public String label() {
    return labels.get(best);
  }

  /// The probability of [#label()].
  public double probability() {
    return probabilities[best];
  }

  /// The probability of one of the student's labels.
  ///
  /// @throws IllegalArgumentException if the student has no such label
  public double probability(String label) {
    int index = labels.indexOf(label);
    if (index < 0) {
      throw new IllegalArgumentException("'" + label + "' is not one of " + labels);
    }
    return probabilities[index];
  }

  /// Every label with its probability, in the student's label order; they sum to 1.
  public SequencedMap<String, Double> probabilities() {
    SequencedMap<String, Double> map = LinkedHashMap.newLinkedHashMap(labels.size());
    for (int label = 0; label < probabilities.length; label++) {
      map.put(labels.get(label), probabilities[label]);
    }
    return Collections.unmodifiableSequencedMap(map);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Prediction that
        && labels.equals(that.labels)
        && Arrays.equals(probabilities, that.probabilities);
  }

  @Override
  public int hashCode() {
    return 31 * labels.hashCode() + Arrays.hashCode(probabilities);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s (%.3f)", label(), probability());
  }
}
