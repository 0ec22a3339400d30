package dev.retort.recipe;

import dev.retort.data.RowShape;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.model.decoder.TokenIds;
import dev.retort.signal.Need;
import dev.retort.teacher.Combination;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/// Whether the teachers of a recipe of task `generation` can teach together: token by token, about
/// texts that are read once for all of them.
///
/// @param recipe what was asked for
/// @param teachers their models by name, in recipe order
record SeveralTeachersChecks(Recipe recipe, SequencedMap<String, PretrainedDecoder> teachers) {

  /// Why they cannot; nothing if there is one.
  List<String> problems() throws IOException {
    List<String> problems = new ArrayList<>();
    if (recipe.lineup().combination().isEmpty()) {
      return problems;
    }
    for (String name : teachers.keySet()) {
      if (!name.equals(recipe.lineup().mainName())) {
        checkTeacher(name, problems);
      }
    }
    checkCombination(recipe.lineup().combination().get(), problems);
    if (recipe.data().rows() == RowShape.PREFERENCES) {
      problems.add(
          "teachers: 'preferences' are compared with one model; name it under `teacher`, or learn from other data");
    }
    return problems;
  }

  private void checkTeacher(String name, List<String> problems) throws IOException {
    Lineup lineup = recipe.lineup();
    TeacherSettings main = lineup.main();
    TeacherSettings other = lineup.teacher(name);
    PretrainedDecoder mainModel = model(lineup.mainName());
    PretrainedDecoder model = model(name);
    List<String> differences =
        TokenIds.read(model.tokenizer()).differences(TokenIds.read(mainModel.tokenizer()));
    if (!differences.isEmpty() || model.config().tokens() != mainModel.config().tokens()) {
      problems.add(
          "%s.model: %s does not read the tokens of %s: %s. Language models teach together token by token; use models of one tokenizer"
              .formatted(
                  lineup.path(name),
                  other.model(),
                  main.model(),
                  differences.isEmpty()
                      ? "it has %d of them, and not %d"
                          .formatted(model.config().tokens(), mainModel.config().tokens())
                      : String.join("; ", differences)));
    }
    if (other.maxLength() != main.maxLength()) {
      problems.add(
          "%s.maxLength: is %d, and %d for %s; texts are read once for all teachers, so give all the same"
              .formatted(
                  lineup.path(name), other.maxLength(), main.maxLength(), lineup.mainName()));
    }
    if (!other.signals().equals(main.signals())) {
      problems.add(
          "%s.signals: what teachers say together is kept together; give all the same"
              .formatted(lineup.path(name)));
    }
    if (main.maxLength() > model.config().positions()) {
      problems.add(
          "%s.maxLength: %d tokens do not fit; the model has positions for %d"
              .formatted(lineup.path(name), main.maxLength(), model.config().positions()));
    }
  }

  private PretrainedDecoder model(String name) {
    return GenerationPlan.named(teachers, name);
  }

  private void checkCombination(Combination combination, List<String> problems) {
    recipe
        .terms()
        .forEach((place, term) -> {
          if (term.isFromTeacher()
              && term.objective().needs().contains(Need.LOGITS)
              && !combination.offers().contains(Need.LOGITS)) {
            problems.add(
                "%s: %s compares logits, but a mixture of teachers has none; set `combine: logit-average`"
                    .formatted(place, term.name()));
          }
        });
    if (!(combination instanceof Combination.Routing)) {
      return;
    }
    if (recipe.data().rows() != RowShape.COLUMNS
        || recipe.stages().stream().anyMatch(stage -> stage.data().isPresent())) {
      problems.add(
          "combine: 'routing' reads a column of the data, which conversations and texts of stages have not; combine the teachers in another way");
    }
    if (recipe.training().stream().anyMatch(stage -> stage.train().onPolicy().isPresent())) {
      problems.add(
          "train.onPolicy: what the student writes names no teacher, as `combine: routing` needs; combine the teachers in another way");
    }
  }
}
