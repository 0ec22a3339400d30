package dev.retort.recipe;

import dev.retort.model.EncoderConfig;
import dev.retort.model.Pretrained;
import dev.retort.objective.FeatureObjective;
import dev.retort.objective.ModelShape;
import dev.retort.objective.RowObjective;
import dev.retort.signal.Need;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A recipe matched with its teacher before any weights are read: proof that every objective will
/// hear what it needs and that every layer exists.
///
/// @param recipe what was asked for
/// @param teacher who will be asked
/// @param needs what the teacher will be asked for
public record Plan(Recipe recipe, Pretrained teacher, Set<Need> needs) {

  public Plan {
    needs = Set.copyOf(needs);
  }

  /// What local models can say.
  private static final Set<Need> LOCAL_OFFERS = EnumSet.allOf(Need.class);

  /// Matches `recipe` with `teacher`.
  ///
  /// @throws PlanException with everything that does not fit
  public static Plan of(Recipe recipe, Pretrained teacher) {
    List<String> problems = new ArrayList<>();
    Set<Need> needs = EnumSet.noneOf(Need.class);
    for (int i = 0; i < recipe.objective().size(); i++) {
      Set<Need> wanted = recipe.objective().get(i).objective().needs();
      needs.addAll(wanted);
      if (!LOCAL_OFFERS.containsAll(wanted)) {
        problems.add(
            "objective[%d]: needs %s but the teacher offers %s".formatted(i, wanted, LOCAL_OFFERS));
      }
    }
    checkLayers(recipe, teacher, problems);
    if (problems.isEmpty()) {
      checkShapes(recipe, teacher, problems);
    }
    checkLength(recipe, teacher, problems);
    checkTask(recipe, teacher, problems);
    if (!problems.isEmpty()) {
      throw new PlanException(problems);
    }
    return new Plan(recipe, teacher, needs);
  }

  private static void checkTask(Recipe recipe, Pretrained teacher, List<String> problems) {
    switch (recipe.task()) {
      case CLASSIFICATION -> {
        if (teacher.head().isEmpty() && recipe.teacher().fineTune().isEmpty()) {
          problems.add(
              "teacher: the model has no classification head; add `fineTune: {}` to train one on"
                  + " the labels first");
        }
      }
      case EMBEDDING -> checkEmbedding(recipe, problems);
      case MASKED_LM -> checkLanguageModel(recipe, teacher, problems);
    }
  }

  /// An embedder has no logits, and nothing to be fine-tuned on.
  private static void checkEmbedding(Recipe recipe, List<String> problems) {
    for (int i = 0; i < recipe.objective().size(); i++) {
      Term term = recipe.objective().get(i);
      if (term.objective() instanceof RowObjective) {
        problems.add(
            "objective[%d].use: '%s' compares probabilities of labels, which an embedder has not; use one of embedding-cosine, embedding-mse, similarity-kl, margin-mse"
                .formatted(i, term.name()));
      }
    }
    if (recipe.teacher().fineTune().isPresent()) {
      problems.add(
          "teacher.fineTune: an embedder is taken as it is; leave it out for task embedding");
    }
  }

  private static void checkLanguageModel(Recipe recipe, Pretrained teacher, List<String> problems) {
    if (!teacher.tokenHead()) {
      problems.add(
          "teacher.model: task masked-lm needs a model with a masked-LM head, whose config.json says"
              + " …ForMaskedLM; '%s' has none".formatted(recipe.teacher().model()));
    }
    if (recipe.teacher().fineTune().isPresent()) {
      problems.add("teacher.fineTune: a masked-lm teacher is asked as it is; leave this out");
    }
    if (recipe.data().pair().isPresent()) {
      problems.add("data.pair: task masked-lm reads one text; leave this out");
    }
    for (int i = 0; i < recipe.objective().size(); i++) {
      if (recipe.objective().get(i).objective().needs().contains(Need.EMBEDDING)) {
        problems.add(
            "objective[%d]: compares vectors of whole texts, which a masked-lm does not make"
                .formatted(i));
      }
    }
  }

  private static void checkLayers(Recipe recipe, Pretrained teacher, List<String> problems) {
    String from = recipe.student().from();
    if (!from.equals(StudentSettings.TEACHER) && !from.equals(StudentSettings.PRETRAINED)) {
      return;
    }
    List<Integer> layers = recipe.student().layers();
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i) < 0 || layers.get(i) >= teacher.config().layers()) {
        problems.add(
            "student.layers[%d]: layer %d does not exist; the teacher has layers 0 to %d"
                .formatted(i, layers.get(i), teacher.config().layers() - 1));
      }
    }
  }

  /// Whether what is compared can be: layers that exist, heads and widths that agree.
  private static void checkShapes(Recipe recipe, Pretrained teacher, List<String> problems) {
    EncoderConfig config = teacher.config();
    int layers =
        recipe.student().layers().isEmpty() ? config.layers() : recipe.student().layers().size();
    ModelShape ofTeacher = ModelShape.of(config);
    ModelShape ofStudent = new ModelShape(layers, config.hiddenSize(), config.heads());
    for (int i = 0; i < recipe.objective().size(); i++) {
      if (recipe.objective().get(i).objective() instanceof FeatureObjective feature) {
        for (String problem : feature.problems(ofTeacher, ofStudent)) {
          problems.add("objective[%d]: %s".formatted(i, problem));
        }
      }
    }
  }

  private static void checkLength(Recipe recipe, Pretrained teacher, List<String> problems) {
    if (recipe.teacher().maxLength() > teacher.config().maxLength()) {
      problems.add(
          "teacher.maxLength: %d tokens do not fit; the model has positions for %d"
              .formatted(recipe.teacher().maxLength(), teacher.config().maxLength()));
    }
  }
}
