package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Inline;
import dev.retort.catalog.Named;
import dev.retort.objective.Objective;
import java.util.Objects;

/// An objective and its share of the whole loss.
///
/// @param objective the loss
/// @param weight what its mean is multiplied by
public record Term(
    @Inline Objective objective,
    @Default("1.0") @Doc("What the objective's mean is multiplied by, above 0.") double weight) {

  public Term {
    Check.positive("weight", weight);
  }

  /// The objective's name in a recipe.
  public String name() {
    return Objects.requireNonNull(objective.getClass().getAnnotation(Named.class)).value();
  }
}
