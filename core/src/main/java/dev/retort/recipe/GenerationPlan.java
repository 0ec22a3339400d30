package dev.retort.recipe;

import dev.retort.data.RowShape;
import dev.retort.model.ModelException;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.signal.Need;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A recipe of task `generation` matched with its teacher before any weights are read.
///
/// @param recipe what was asked for
/// @param teacher who is learnt from
/// @param layers which of its layers the student is made of
public record GenerationPlan(Recipe recipe, PretrainedDecoder teacher, List<Integer> layers)
    implements MatchedRecipe {

  public GenerationPlan {
    layers = List.copyOf(layers);
  }

  /// Matches `recipe` with its teacher.
  ///
  /// @throws PlanException with everything that does not fit
  public static GenerationPlan of(Recipe recipe, PretrainedDecoder teacher) {
    List<String> problems = new ArrayList<>();
    checkParts(recipe, problems);
    checkObjectives(recipe, problems);
    List<Integer> layers =
        recipe.student().layers().isEmpty()
            ? IntStream.range(0, teacher.config().layers()).boxed().toList()
            : recipe.student().layers();
    try {
      teacher.config().withLayers(layers);
    } catch (ModelException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    int maxLength = recipe.mainTeacher().maxLength();
    if (maxLength > teacher.config().positions()) {
      problems.add(
          "teacher.maxLength: %d tokens do not fit; the model has positions for %d"
              .formatted(maxLength, teacher.config().positions()));
    }
    if (!problems.isEmpty()) {
      throw new PlanException(problems);
    }
    return new GenerationPlan(recipe, teacher, layers);
  }

  /// The shape of the student.
  public DecoderConfig student() {
    return teacher.config().withLayers(layers);
  }

  /// What else a recipe may have that language models have not.
  private static void checkParts(Recipe recipe, List<String> problems) {
    refuse(!recipe.teachers().isEmpty(), "teachers", "name one `teacher`", problems);
    refuse(
        recipe.lineup().teachers().values().stream().anyMatch(t -> t.fineTune().isPresent()),
        "teacher.fineTune",
        "a language model has a head of its own; leave this out",
        problems);
    refuse(!recipe.stages().isEmpty(), "stages", "use `objective` and `train`", problems);
    refuse(
        recipe.data().augment().isPresent() || recipe.data().unlabelled().isPresent(),
        "data",
        "every text is learnt from as it is; leave `augment` and `unlabelled` out",
        problems);
    refuse(
        recipe.train().mixup().isPresent(),
        "train.mixup",
        "tokens are not mixed; leave this out",
        problems);
    refuse(
        recipe.data().rows() == RowShape.CONVERSATIONS && recipe.data().pair().isPresent(),
        "data.pair",
        "a conversation holds prompts and answers; leave this out",
        problems);
    StudentSettings student = recipe.student();
    boolean cut =
        student.hiddenSize().isPresent()
            || student.heads().isPresent()
            || student.intermediateSize().isPresent();
    boolean own =
        student.from() instanceof StudentOrigin.Teacher
            || student.from() instanceof StudentOrigin.Pretrained;
    refuse(
        cut || !own, "student", "it is made of layers of its teacher; set `layers` only", problems);
  }

  private static void refuse(boolean present, String place, String advice, List<String> problems) {
    if (present) {
      problems.add("%s: not for task generation: %s".formatted(place, advice));
    }
  }

  private static void checkObjectives(Recipe recipe, List<String> problems) {
    recipe
        .terms()
        .forEach((place, term) -> {
          if (term.objective().needs().stream()
              .anyMatch(need -> need != Need.DISTRIBUTION && need != Need.LOGITS)) {
            problems.add(
                "%s: %s compares what models compute inside, which task generation cannot yet; use cross-entropy or objectives on distributions such as forward-kl"
                    .formatted(place, term.name()));
          }
        });
    recipe
        .terms()
        .forEach((place, term) -> {
          if (term.from() instanceof Source.Dropout) {
            problems.add(
                "%s.from: language models are trained without dropout, so that two runs say the same; leave this term out"
                    .formatted(place));
          }
        });
    if (recipe.training().getFirst().objective().stream().noneMatch(Term::isFromTeacher)) {
      problems.add(
          "objective: every loss compares the student with itself; add one on labels or on the teacher");
    }
  }
}
