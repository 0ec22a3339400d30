package dev.retort.recipe;

import dev.retort.model.Pretrained;
import dev.retort.objective.AnswerObjective;
import dev.retort.objective.RowObjective;
import dev.retort.objective.SelfObjective;
import dev.retort.signal.Need;
import java.util.ArrayList;
import java.util.List;

/// Whether a recipe asks for what its task can be taught.
///
/// @param recipe what was asked for
/// @param teachers who will be asked, in recipe order
/// @param main the teacher that the student is made of
record TaskChecks(Recipe recipe, List<Pretrained> teachers, Pretrained main) {

  /// Why it cannot.
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    recipe
        .terms()
        .forEach((place, term) -> {
          if (term.objective() instanceof AnswerObjective) {
            problems.add(
                "%s: '%s' compares whole answers, which task %s does not give; it is for task generation with `data.rows: preferences`"
                    .formatted(place, term.name(), recipe.task().recipeName()));
          }
        });
    if (recipe.training().stream().anyMatch(stage -> stage.train().onPolicy().isPresent())) {
      problems.add(
          "train.onPolicy: only a student of task generation writes texts to learn from; leave this out");
    }
    if (recipe.training().stream().anyMatch(stage -> stage.train().gradientCheckpointing())) {
      problems.add(
          "train.gradientCheckpointing: only layers of language models are computed again (task generation); leave this out, and lower train.batchTokens to save memory");
    }
    switch (recipe.task()) {
      case CLASSIFICATION -> heads(problems);
      case EMBEDDING -> embedding(problems);
      case MASKED_LM -> languageModel(problems);
      case GENERATION ->
          throw new IllegalArgumentException("task generation is matched by GenerationPlan");
    }
    return problems;
  }

  private void heads(List<String> problems) {
    Lineup lineup = recipe.lineup();
    for (int i = 0; i < teachers.size(); i++) {
      String name = lineup.names().get(i);
      boolean headless = !lineup.teacher(name).isRemote() && teachers.get(i).head().isEmpty();
      if (headless && lineup.teacher(name).fineTune().isEmpty()) {
        problems.add(
            "%s: the model has no classification head; add `fineTune: {}` to train one on the labels first"
                .formatted(lineup.path(name)));
      }
    }
  }

  /// An embedder has no logits, and nothing to be fine-tuned on; vectors of several have no mean.
  private void embedding(List<String> problems) {
    recipe
        .terms()
        .forEach((place, term) -> {
          if (term.objective() instanceof RowObjective
              || term.objective() instanceof SelfObjective) {
            problems.add(
                "%s.use: '%s' compares probabilities of labels, which an embedder has not; use one of embedding-cosine, embedding-mse, similarity-kl, margin-mse"
                    .formatted(place, term.name()));
          }
        });
    if (recipe.data().unlabelled().isPresent()
        || recipe.stages().stream().anyMatch(stage -> stage.data().isPresent())) {
      problems.add(
          "data.unlabelled, stages[].data: an embedder learns from texts without labels in any case;"
              + " name all files in data.train");
    }
    if (recipe.mainTeacher().fineTune().isPresent()) {
      problems.add(
          "teacher.fineTune: an embedder is taken as it is; leave it out for task embedding");
    }
    if (recipe.teachers().size() > 1) {
      problems.add(
          "teachers: there are %d, but task embedding has one, as vectors of several models have no mean; name it under `teacher`"
              .formatted(recipe.teachers().size()));
    }
  }

  private void languageModel(List<String> problems) {
    if (!main.tokenHead()) {
      problems.add(
          "teacher.model: task masked-lm needs a model with a masked-LM head, whose config.json says"
              + " …ForMaskedLM; '%s' has none".formatted(recipe.mainTeacher().model()));
    }
    if (recipe.mainTeacher().fineTune().isPresent()) {
      problems.add("teacher.fineTune: a masked-lm teacher is asked as it is; leave this out");
    }
    if (recipe.teachers().size() > 1) {
      problems.add("teachers: task masked-lm has one; name it under `teacher`");
    }
    if (recipe.data().pair().isPresent()) {
      problems.add("data.pair: task masked-lm reads one text; leave this out");
    }
    if (!recipe.stages().isEmpty()) {
      problems.add(
          "stages: task masked-lm is trained in one stage; name its losses in `objective`");
    }
    if (!recipe.student().isCutFromTeacher()) {
      problems.add(
          "student: task masked-lm makes students of the teacher's layers only; name them in"
              + " `layers` and leave out the rest");
    }
    recipe
        .terms()
        .forEach((place, term) -> {
          if (term.objective().needs().contains(Need.EMBEDDING)) {
            problems.add(
                "%s: compares vectors of whole texts, which a masked-lm does not make"
                    .formatted(place));
          }
        });
  }
}
