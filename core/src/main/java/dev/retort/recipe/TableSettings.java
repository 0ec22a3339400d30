package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;

/// The `table:` of a static student: one vector for each token.
///
/// @param dimensions numbers of a vector
/// @param train whether the vectors are trained along with the head
/// @param smoothing the `a` of the weights `a / (a + p)`
/// @param frequencies where the `p` of a token comes from
public record TableSettings(
    @Default("256") @Doc("Numbers of a token's vector, at most the teacher's hidden size.")
        int dimensions,
    @Default("true")
        @Doc(
            "Whether the vectors are trained along with the head, or stay as they were distilled:"
                + " softmax regression.")
        boolean train,
    @Default("1e-4")
        @Doc(
            "The `a` of a token's weight `a / (a + p)`, between 0 and 1: the smaller, the less"
                + " frequent tokens count.")
        double smoothing,
    @Default("vocabulary")
        @Doc(
            "Where a token's frequency `p` comes from: the order of the teacher's `vocabulary`, by"
                + " Zipf's law, or counts in the training `data`.")
        Frequencies frequencies) {

  /// Where the frequency of a token comes from.
  public enum Frequencies {
    /// The order of the vocabulary.
    VOCABULARY,
    /// The training texts.
    DATA
  }

  public TableSettings {
    Check.atLeast("dimensions", dimensions, 1);
    Check.positive("smoothing", smoothing);
    Check.that(smoothing < 1, "smoothing", "must be below 1 but is %s".formatted(smoothing));
  }

  /// What a student `from: static` has if the recipe does not say.
  public static TableSettings defaults() {
    return new TableSettings(256, true, 1e-4, Frequencies.VOCABULARY);
  }
}
