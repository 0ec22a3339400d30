package dev.retort.recipe;

import dev.retort.data.RowShape;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.objective.AnswerObjective;
import dev.retort.objective.Objective;
import java.util.ArrayList;
import java.util.List;

/// Whether a recipe of task `generation` can be trained on what its student writes.
///
/// @param recipe what was asked for
/// @param config the shape of its models
record OnPolicyChecks(Recipe recipe, DecoderConfig config) {

  /// Why it cannot; nothing where it does not ask for it.
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < recipe.training().size(); i++) {
      Stage stage = recipe.training().get(i);
      String place = recipe.stages().isEmpty() ? "" : "stages[%d].".formatted(i);
      stage.train().onPolicy().ifPresent(policy -> check(place, stage, policy, problems));
    }
    return problems;
  }

  private void check(String place, Stage stage, OnPolicy policy, List<String> problems) {
    String section = place + "train.onPolicy";
    int maxLength = recipe.mainTeacher().maxLength();
    if (maxLength + policy.maxTokens() > config.positions()) {
      problems.add(
          "%s.maxTokens: a prompt of up to %d tokens (teacher.maxLength) and %d that the student adds do not fit; the model has positions for %d. Lower one of the two"
              .formatted(section, maxLength, policy.maxTokens(), config.positions()));
    }
    if (!(recipe.mainTeacher().signals() instanceof TokenSignals.Online)) {
      problems.add(
          "%s: what the student will write is not known before, so that answers about it cannot be kept; set `signals: online` for the teacher"
              .formatted(section));
    }
    if (recipe.data().stepByStep().isPresent()) {
      problems.add(
          "%s: what the student writes is neither an answer nor a reason of the data; leave it out, or data.stepByStep"
              .formatted(section));
    }
    checkObjectives(place, stage, policy, problems);
    checkPrompts(section, stage, policy, problems);
  }

  private static void checkObjectives(
      String place, Stage stage, OnPolicy policy, List<String> problems) {
    if (stage.objective().stream().allMatch(term -> term.objective().needs().isEmpty())) {
      problems.add(
          "%sobjective: every loss is on labels, and what the student writes has none; add one that hears the teacher, such as reverse-kl or jensen-shannon"
              .formatted(place));
    }
    boolean never = policy.share() == 1 && policy.warmUp() == 0;
    for (int i = 0; i < stage.objective().size(); i++) {
      Objective objective = stage.objective().get(i).objective();
      String term = "%sobjective[%d]: %s".formatted(place, i, stage.objective().get(i).name());
      if (never && objective.needs().isEmpty()) {
        problems.add(
            term
                + " learns from labels, but all steps learn from what the student writes, which has none; lower onPolicy.share, set its warmUp, or leave this term out");
      }
      if (objective instanceof AnswerObjective) {
        problems.add(
            term
                + " compares two answers, of which the student writes one; give it a stage without onPolicy");
      }
    }
  }

  private void checkPrompts(String section, Stage stage, OnPolicy policy, List<String> problems) {
    boolean lines = stage.data().filter(files -> files.endsWith(".txt")).isPresent();
    boolean prompts =
        recipe.data().rows() != RowShape.COLUMNS || (recipe.data().pair().isPresent() && !lines);
    if (!prompts && policy.promptTokens().isEmpty()) {
      problems.add(
          "%s: the data are texts without prompts; name the completions in data.pair, or set promptTokens to take the beginning of a text for its prompt"
              .formatted(section));
    }
    if (prompts && policy.promptTokens().isPresent()) {
      problems.add(
          "%s.promptTokens: the data have prompts of their own; leave this out".formatted(section));
    }
  }
}
