package dev.retort.data;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import java.util.Optional;

/// The `stepByStep:` section of a recipe's data: every training text is learnt twice, once with its
/// answer and once with the reasons for it, each behind a prefix that says which is asked for
/// (Hsieh et al. 2023, arXiv 2305.02301). Who uses the student asks for answers alone.
///
/// @param rationale the column with the reasons
/// @param labelPrefix what stands before a text whose answer is asked for
/// @param rationalePrefix what stands before a text whose reasons are asked for
public record StepByStep(
    @Default("rationale")
        @Doc("Column with the reasons for the answer; rows may lack them, and held-out files.")
        String rationale,
    @Default("\"[label] \"") @Doc("What stands before a text whose answer is asked for.")
        String labelPrefix,
    @Default("\"[rationale] \"") @Doc("What stands before a text whose reasons are asked for.")
        String rationalePrefix) {

  public StepByStep {
    Check.notBlank("rationale", rationale);
    Check.that(
        !labelPrefix.equals(rationalePrefix),
        "rationalePrefix",
        "is '%s', as labelPrefix; the student could not tell what is asked for"
            .formatted(rationalePrefix));
  }

  /// `example` as its answer is asked for.
  public Example asksLabel(Example example) {
    return example.withTexts(labelPrefix + example.text(), example.pair());
  }

  /// `example` as its reasons are asked for; empty if it has none.
  public Optional<Example> asksRationale(Example example) {
    return example
        .rationale()
        .filter(reasons -> !reasons.isBlank())
        .map(reasons -> example.withTexts(rationalePrefix + example.text(), Optional.of(reasons)));
  }
}
