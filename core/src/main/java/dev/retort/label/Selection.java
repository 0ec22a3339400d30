package dev.retort.label;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/// Which texts are labelled next: active learning from a pool (Settles 2009, Active Learning
/// Literature Survey, §3).
///
/// Texts are drawn without replacement, each time with probabilities in proportion to what they are
/// worth. The worthiest alone would be many times the same thing, of which one is enough (Kirsch et
/// al. 2023, Stochastic Batch Acquisition, arXiv 2106.12059).
public enum Selection {
  /// Any: what the others must beat.
  RANDOM,
  /// Rather those whose two likeliest labels are close: 1 − (p₁ − p₂).
  MARGIN,
  /// Rather those about which the student knows little: −Σ p log p.
  ENTROPY,
  /// Rather those that look like what the student gets wrong: Σ p(label) · share of the validation
  /// texts taken for this label that are none.
  ERRORS;

  private static final double LEAST = 1e-12;

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

  /// `count` of the pool's texts, or all if there are fewer, in the order in which they are drawn.
  public List<Integer> choose(Pool pool, int count, long seed) {
    Random random = new Random(seed);
    double[] turns =
        Arrays.stream(pool.probabilities())
            .mapToDouble(row -> turn(worth(row, pool.errors()), random))
            .toArray();
    return IntStream.range(0, turns.length)
        .boxed()
        .sorted(Comparator.comparingDouble(row -> turns[row]))
        .limit(count)
        .toList();
  }

  /// When a text of this worth has its turn: the times at which as many clocks as there are texts
  /// ring, each at the rate of its worth, are in the order of such draws (Efraimidis and Spirakis
  /// 2006). What is worth nothing comes last.
  private static double turn(double worth, Random random) {
    return -Math.log(1 - random.nextDouble()) / Math.max(worth, LEAST);
  }

  private double worth(double[] probabilities, double[] errors) {
    return switch (this) {
      case RANDOM -> 1;
      case MARGIN -> 1 - margin(probabilities);
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
