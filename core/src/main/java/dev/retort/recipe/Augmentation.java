package dev.retort.recipe;

import dev.retort.data.AugmentSettings;
import dev.retort.model.Pretrained;
import dev.retort.objective.CrossEntropy;
import dev.retort.teacher.Combination;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether a recipe can have its data augmented.
final class Augmentation {

  private Augmentation() {}

  /// Why it cannot, if it is to be.
  ///
  /// @param words the model whose words are taken
  static List<String> problems(Recipe recipe, Pretrained words) {
    List<String> problems = new ArrayList<>();
    Optional<AugmentSettings> augment = recipe.data().augment();
    augment
        .filter(settings -> settings.by() == AugmentSettings.By.MASKED_LM && !words.tokenHead())
        .ifPresent(settings ->
            problems.add(
                "data.augment.by: 'masked-lm' needs a model with a masked-LM head, whose config.json says …ForMaskedLM; '%s' has none; name one in data.augment.model, or set `by: embeddings`"
                    .formatted(settings.model().orElseGet(() -> recipe.mainTeacher().model()))));
    if (augment.isPresent()) {
      unheard(recipe).ifPresent(problems::add);
    }
    return problems;
  }

  /// Why texts cannot be mixed, if they are to be.
  static List<String> mixupProblems(Recipe recipe) {
    if (recipe.training().stream().allMatch(stage -> stage.train().mixup().isEmpty())) {
      return List.of();
    }
    List<String> problems = new ArrayList<>();
    if (recipe.task() == Task.MASKED_LM) {
      problems.add(
          "train.mixup: the hidden tokens of two texts are in different places, so that task masked-lm cannot mix them; leave this out");
    }
    if (recipe.training().stream().anyMatch(Augmentation::mixesItsOwnAnswers)) {
      problems.add(
          "train.mixup: a text is mixed with another one each time, so that the two runs of `from: dropout` would not be about the same; leave one of the two out");
    }
    if (recipe.lineup().combination().orElse(null) instanceof Combination.Routing) {
      problems.add(
          "train.mixup: with `combine: routing` two texts may have two teachers, and a mixture of them none; leave one of the two out");
    }
    return problems;
  }

  private static boolean mixesItsOwnAnswers(Stage stage) {
    return stage.train().mixup().isPresent()
        && stage.objective().stream().anyMatch(term -> term.from() instanceof Source.Dropout);
  }

  /// Why nobody would learn anything from augmented texts.
  private static Optional<String> unheard(Recipe recipe) {
    List<Stage> stages =
        recipe.training().stream().filter(stage -> stage.data().isEmpty()).toList();
    if (recipe.task() == Task.MASKED_LM) {
      return Optional.of(
          "data.augment: task masked-lm hides other words in every epoch, which is augmentation enough; leave this out");
    }
    if (stages.isEmpty()) {
      return Optional.of(
          "data.augment: every stage has data of its own, so that none would see the augmented training texts; leave this out");
    }
    return stages.stream()
            .flatMap(stage -> stage.objective().stream())
            .allMatch(term -> term.objective() instanceof CrossEntropy)
        ? Optional.of(
            "data.augment: augmented texts have no labels, and cross-entropy needs them; add a loss that hears the teacher, or leave this out")
        : Optional.empty();
  }
}
