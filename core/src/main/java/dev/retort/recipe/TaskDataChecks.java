package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.data.DataSettings;
import java.util.List;

/// Whether the data have what their task can learn from: reasons, and corrections of labels.
final class TaskDataChecks {

  private TaskDataChecks() {}

  /// @throws IllegalArgumentException if it does not
  static void check(Task task, DataSettings data, List<Term> terms) {
    Check.that(
        task == Task.GENERATION || data.stepByStep().isEmpty(),
        "data.stepByStep",
        "is for task generation, whose students write; leave it out for task " + task.recipeName());
    Check.that(
        task == Task.CLASSIFICATION || data.corrections().isEmpty(),
        "data.corrections",
        "corrects labels, and task %s learns none; leave it out".formatted(task.recipeName()));
    Check.that(
        data.stepByStep().isPresent() || terms.stream().allMatch(term -> term.target().isEmpty()),
        "objective",
        "has a `target`, which tells answers from reasons; set `data.stepByStep`, or delete it");
  }
}
