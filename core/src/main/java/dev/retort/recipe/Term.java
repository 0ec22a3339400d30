package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Inline;
import dev.retort.catalog.Named;
import dev.retort.data.Target;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.Objective;
import dev.retort.signal.Need;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// An objective and its share of the whole loss.
///
/// @param objective the loss
/// @param weight what its mean is multiplied by
/// @param from whom the student is compared with; objectives on labels alone hear nobody
/// @param rampUp share of all steps over which the weight rises
/// @param target the tokens that are counted, where data are learnt step by step; all if empty
public record Term(
    @Inline Objective objective,
    @Default("1.0") @Doc("What the objective's mean is multiplied by, above 0.") double weight,
    @Default("teacher") @Doc("Whom the student is compared with: its teacher, or itself.")
        Source from,
    @Default("0.0") @Doc("Share of all steps over which the weight rises to its full size.")
        double rampUp,
    @Doc(
            "With `data.stepByStep`: the tokens that this loss is averaged over, those of answers"
                + " (`label`) or those of reasons (`rationale`); both together if left out.")
        Optional<Target> target) {

  public Term {
    Check.that(
        target.isEmpty() || objective instanceof CrossEntropy,
        "target",
        "is for cross-entropy, which learns what the data say; delete it");
    Check.positive("weight", weight);
    Check.within("rampUp", rampUp, 0, 1);
    Check.that(
        from instanceof Source.Teacher || !objective.needs().isEmpty(),
        "from",
        "says whom to compare with, but this objective hears nobody; delete it");
    Check.that(
        !(from instanceof Source.Dropout) || objective.needs().equals(Set.of(Need.DISTRIBUTION)),
        "from",
        "is 'dropout', which compares decisions; this objective compares something else: use"
            + " forward-kl, reverse-kl or another divergence");
  }

  /// An objective that compares with the teacher, under its full weight from the first step.
  public Term(Objective objective, double weight) {
    this(objective, weight, new Source.Teacher(), 0, Optional.empty());
  }

  /// Whether the student is compared with its teacher.
  public boolean isFromTeacher() {
    return from instanceof Source.Teacher;
  }

  /// The objective's name in a recipe.
  public String name() {
    return Objects.requireNonNull(objective.getClass().getAnnotation(Named.class)).value();
  }

  /// The objective's name, and where it is not the teacher, whom it compares with: `logit-mse,
  /// ema`; or what it counts: `cross-entropy, rationale`.
  public String label() {
    if (target.isPresent()) {
      return "%s, %s".formatted(name(), target.get().name().toLowerCase(Locale.ROOT));
    }
    return isFromTeacher()
        ? name()
        : name()
            + ", "
            + Objects.requireNonNull(from.getClass().getAnnotation(Named.class)).value();
  }
}
