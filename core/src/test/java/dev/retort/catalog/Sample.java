package dev.retort.catalog;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// A small recipe with one component of every kind, for the tests of this package.
final class Sample {

  private Sample() {}

  static final Catalog<Objective> OBJECTIVES =
      Catalog.of("objective", Objective.class, ForwardKl.class, CrossEntropy.class);

  /// A loss; an open interface, so its types come from a catalog.
  interface Objective {}

  @Named("forward-kl")
  @Doc("Kullback-Leibler divergence from the teacher to the student.")
  record ForwardKl(@Default("1.0") @Doc("Softens both sides.") double temperature)
      implements Objective {
    ForwardKl {
      Check.positive("temperature", temperature);
    }
  }

  @Named("cross-entropy")
  @Doc("Cross entropy with the labels.")
  record CrossEntropy() implements Objective {}

  /// A sealed interface of named records is a catalog by itself.
  @Doc("How the learning rate moves.")
  sealed interface Schedule permits Cosine, Steps {}

  @Named("cosine")
  record Cosine(@Default("10%") double warmup) implements Schedule {}

  @Named("steps")
  record Steps(List<Integer> at) implements Schedule {
    Steps {
      for (int i = 1; i < at.size(); i++) {
        Check.that(at.get(i) > at.get(i - 1), "at[" + i + "]", "must be above the one before");
      }
    }
  }

  record Term(@Inline Objective objective, @Default("1") double weight) {}

  enum Precision {
    FP32,
    BF16_MIXED
  }

  record Train(
      @Doc("How often the student sees the data.") int epochs,
      @Default("5e-5") double learningRate,
      @Default("4_096") int batchTokens,
      @Default("fp32") Precision precision,
      @Default("cosine") Schedule schedule,
      @Default("7") long seed,
      @Default("1.0") Optional<Float> maxGradientNorm,
      @Default("false") boolean compile) {
    Train {
      Check.positive("epochs", epochs);
      Check.positive("learningRate", learningRate);
    }
  }

  /// A bound, written as text.
  @Doc("a bound such as `>= 0.97`")
  record Bound(boolean atLeast, double limit) {
    public static Bound parse(String text) {
      if (!text.matches("[<>]= [0-9.]+")) {
        throw new IllegalArgumentException("'%s' is not a bound such as '>= 0.97'".formatted(text));
      }
      return new Bound(text.startsWith(">"), Double.parseDouble(text.substring(3)));
    }

    @Override
    public String toString() {
      return (atLeast ? ">= " : "<= ") + limit;
    }
  }

  /// A split that is a text or settings.
  sealed interface Split {
    static Split parse(String text) {
      return text.endsWith("%")
          ? new Fraction(Integer.parseInt(text.substring(0, text.length() - 1)))
          : new Rows(Path.of(text));
    }
  }

  record Fraction(int percent) implements Split {
    @Override
    public String toString() {
      return percent + "%";
    }
  }

  record Rows(Path file) implements Split {
    @Override
    public String toString() {
      return file.toString();
    }
  }

  @Doc("Everything a run needs.")
  record Recipe(
      @Doc("The name of the run.") String name,
      Train train,
      @Default("[cross-entropy]") @Doc("The loss.") List<Term> objective,
      @Default("10%") Split validation,
      @Default("{}") SequencedMap<String, Bound> require,
      @Default("{}") Map<String, List<Integer>> layers,
      Optional<Path> output,
      Optional<Term> extra) {}

  /// Refuses without naming a component.
  record Pair(int low, int high) {
    Pair {
      Check.that(low < high, "one", "must be less than the other");
    }
  }

  /// Has a bug.
  record Failing(int count) {
    Failing {
      if (count > 0) {
        throw new UnsupportedOperationException("not a refusal");
      }
    }
  }

  /// A type that contains itself.
  record Loop(Optional<Loop> next) {}

  static Document yaml(String text) {
    return YamlReader.parse("x.yaml", text);
  }

  static Recipe bind(String text) {
    return new Binder(OBJECTIVES).bind(Recipe.class, yaml(text));
  }
}
