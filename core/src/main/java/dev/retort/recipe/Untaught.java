package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.objective.AnswerObjective;
import java.util.List;
import java.util.Optional;

/// Recipes without a teacher: a language model learns from its data alone, as from what a model
/// behind an API has written.
final class Untaught {

  /// What the student's model is called as it was before it learnt.
  static final String START = "start";

  private static final int MAX_LENGTH = 128;

  private Untaught() {}

  /// The model that stands where a teacher would: what the student is compared with, and the
  /// reference of preferences. Empty if such a recipe needs a teacher.
  ///
  /// @throws IllegalArgumentException if one of `terms` hears a teacher
  static Optional<TeacherSettings> start(Task task, StudentSettings student, List<Term> terms) {
    if (task != Task.GENERATION
        || !(student.from() instanceof StudentOrigin.Model(String address))) {
      return Optional.empty();
    }
    List<String> hearing = terms.stream().filter(Untaught::hears).map(Term::name).toList();
    Check.that(
        hearing.isEmpty(),
        "objective",
        "has %s, which hear a teacher, and the recipe has none; name one under `teacher`, or learn from the data alone with `objective: [cross-entropy]`"
            .formatted(hearing));
    return Optional.of(
        TeacherSettings.plain(START, address, student.maxLength().orElse(MAX_LENGTH)));
  }

  private static boolean hears(Term term) {
    return term.isFromTeacher()
        && !term.objective().needs().isEmpty()
        && !(term.objective() instanceof AnswerObjective);
  }
}
