package dev.retort.recipe;

import static dev.retort.eval.Metric.AGREEMENT;
import static dev.retort.eval.Metric.RETENTION;
import static dev.retort.eval.Metric.TEACHER_KL;

import dev.retort.data.RowShape;
import dev.retort.eval.Metric;
import dev.retort.objective.CrossTokenizer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Whether a recipe of task `generation` can teach a student that reads other tokens than its
/// teacher does.
///
/// @param recipe what was asked for
/// @param differences in what the student's tokens differ from the teacher's, in words
record OtherTokensChecks(Recipe recipe, List<String> differences) {

  /// What is counted over tokens that both models find.
  private static final Set<Metric> TOKEN_BY_TOKEN = EnumSet.of(RETENTION, AGREEMENT, TEACHER_KL);

  /// Why it cannot.
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    checkObjectives(problems);
    recipe.requirements().stream()
        .map(requirement -> requirement.metric())
        .filter(TOKEN_BY_TOKEN::contains)
        .forEach(metric ->
            problems.add(
                "require.%s: cannot be measured between different tokens; bitsPerByte, exactMatch and rougeL can"
                    .formatted(metric)));
    if (recipe.lineup().combination().isPresent()) {
      problems.add(
          "teachers: one teacher of other tokens than the student's can be asked; name it under `teacher`");
    }
    if (!(recipe.mainTeacher().signals() instanceof TokenSignals.Online)) {
      problems.add(
          "teacher.signals: what is kept is of the teacher's tokens, and the student reads others; set `signals: online`");
    }
    if (recipe.training().stream().anyMatch(stage -> stage.train().onPolicy().isPresent())) {
      problems.add(
          "train.onPolicy: what the student writes is not read in the teacher's tokens; leave this out, or use a student with the teacher's tokens");
    }
    if (recipe.data().stepByStep().isPresent()) {
      problems.add(
          "data.stepByStep: reasons are learnt in the teacher's tokens; use a student with these, or leave `teacher` out");
    }
    if (recipe.data().rows() == RowShape.PREFERENCES) {
      problems.add(
          "data.rows: 'preferences' are compared in the same tokens; use a student with the teacher's tokens");
    }
    return problems;
  }

  private void checkObjectives(List<String> problems) {
    List<String> unfit =
        recipe.terms().entrySet().stream()
            .filter(entry -> hearsTokens(entry.getValue()))
            .map(entry -> "%s (%s)".formatted(entry.getKey(), entry.getValue().name()))
            .toList();
    if (!unfit.isEmpty()) {
      problems.add(
          "student.from: %s does not read the teacher's tokens: %s. %s would compare them one by one; use cross-tokenizer and cross-entropy, or use a model with the tokens of %s"
              .formatted(
                  recipe.student().from(),
                  String.join("; ", differences),
                  String.join(", ", unfit),
                  recipe.mainTeacher().model()));
    }
  }

  private static boolean hearsTokens(Term term) {
    return term.isFromTeacher()
        && !term.objective().needs().isEmpty()
        && !(term.objective() instanceof CrossTokenizer);
  }
}
