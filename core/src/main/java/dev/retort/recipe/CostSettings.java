package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Doc;
import java.util.Optional;

/// The `cost:` section of a recipe: two prices, in any one currency.
///
/// @param teacherPer1000Requests what 1,000 answers of the teacher cost, unless that is measured
/// @param machinePerHour what the machine that runs the student costs per hour
public record CostSettings(
    @Doc(
            "What 1,000 answers of the teacher cost. If left out, what those of a teacher behind an"
                + " API that has a `price` did cost in dollars.")
        Optional<Double> teacherPer1000Requests,
    @Doc("What the machine that runs the student costs per hour.") double machinePerHour) {

  public CostSettings {
    teacherPer1000Requests.ifPresent(price -> Check.atLeast("teacherPer1000Requests", price, 0));
    Check.atLeast("machinePerHour", machinePerHour, 0);
  }
}
