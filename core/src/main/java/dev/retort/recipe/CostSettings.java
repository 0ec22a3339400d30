package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Doc;

/// The `cost:` section of a recipe: two prices, in any one currency.
///
/// @param teacherPer1000Requests what 1,000 answers of the teacher cost
/// @param machinePerHour what the machine that runs the student costs per hour
public record CostSettings(
    @Doc("What 1,000 answers of the teacher cost.") double teacherPer1000Requests,
    @Doc("What the machine that runs the student costs per hour.") double machinePerHour) {

  public CostSettings {
    Check.atLeast("teacherPer1000Requests", teacherPer1000Requests, 0);
    Check.atLeast("machinePerHour", machinePerHour, 0);
  }
}
