package dev.retort.label;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/// Which texts are labelled next: active learning from a pool (Settles 2009, Active Learning
/// Literature Survey, §3).
public enum Selection {
  /// Any: what the others must beat.
  RANDOM,
  /// Those whose two likeliest labels are closest: smallest p₁ − p₂.
  MARGIN,
  /// Those about which the student knows least: largest −Σ p log p.
  ENTROPY,
  /// Those that look like what the student gets wrong: largest Σ p(label) · share of the validation
  /// texts taken for this label that are none.
  ERRORS;

  /// What a student says about a pool of texts, and how far it can be believed.
  ///
  /// @param probabilities for each text one for each label
  /// @param errors for each label, the share of the validation texts taken for it that are none
  @SuppressWarnings("ArrayRecordComponent") // read, never written
  public record Pool(double[][] probabilities, double[] errors) {}

  /// The name in recipes.
  public String recipeName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// `count` of the pool's texts, or all if there are fewer, those that matter most first. Which of
  /// equal ones comes first is drawn with `seed`.
  public List<Integer> choose(Pool pool, int count, long seed) {
    List<Integer> rows =
        new ArrayList<>(IntStream.range(0, pool.probabilities().length).boxed().toList());
    Collections.shuffle(rows, new Random(seed));
    if (this != RANDOM) {
      double[] worth =
          IntStream.range(0, rows.size())
              .mapToDouble(row -> worth(pool.probabilities()[row], pool.errors()))
              .toArray();
      rows.sort(Comparator.comparingDouble((Integer row) -> worth[row]).reversed());
    }
    return List.copyOf(rows.subList(0, Math.min(count, rows.size())));
  }

  private double worth(double[] probabilities, double[] errors) {
    return switch (this) {
      case RANDOM -> 0;
      case MARGIN -> -margin(probabilities);
      case ENTROPY -> entropy(probabilities);
      case ERRORS ->
          IntStream.range(0, errors.length).mapToDouble(i -> probabilities[i] * errors[i]).sum();
    };
  }

  private static double margin(double[] probabilities) {
    double first = 0;
    double second = 0;
    for (double one : probabilities) {
      second = Math.max(second, Math.min(first, one));
      first = Math.max(first, one);
    }
    return first - second;
  }

  private static double entropy(double[] probabilities) {
    double entropy = 0;
    for (double one : probabilities) {
      entropy -= one > 0 ? one * Math.log(one) : 0;
    }
    return entropy;
  }
}
