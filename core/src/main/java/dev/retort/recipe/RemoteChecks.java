package dev.retort.recipe;

import dev.retort.signal.Need;
import dev.retort.teacher.Combination;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Whether a recipe asks of its teachers behind APIs what these can give: labels of whole texts.
final class RemoteChecks {

  private RemoteChecks() {}

  /// Why it does not; nothing if it has no such teacher.
  static List<String> problems(Recipe recipe) {
    List<String> problems = new ArrayList<>();
    Lineup lineup = recipe.lineup();
    List<String> remote =
        lineup.teachers().entrySet().stream()
            .filter(entry -> entry.getValue().isRemote())
            .map(Map.Entry::getKey)
            .toList();
    recipe.judge().ifPresent(judge -> judge(recipe, judge, remote.size(), problems));
    if (remote.isEmpty()) {
      if (recipe.rounds().isPresent()) {
        problems.add(
            "rounds: are for teachers behind an API; a local one is asked about all texts");
      }
      return problems;
    }
    if (recipe.task() != Task.CLASSIFICATION) {
      problems.add(
          "%s.model: an API teaches task classification, not %s, by its labels%s"
              .formatted(
                  lineup.path(remote.getFirst()),
                  recipe.task().recipeName(),
                  recipe.task() == Task.GENERATION
                      ? "; have it write completions with `retort label RECIPE --completions FILE`,"
                          + " and train on that file as data"
                      : ""));
      return problems;
    }
    if (lineup.main().isRemote() && !(recipe.student().from() instanceof StudentOrigin.Model)) {
      problems.add(
          "student.from: '%s' means weights of the teacher, and those of an API are not here; name a model, such as hf:owner/name"
              .formatted(recipe.student().from()));
    }
    if (recipe.rounds().isPresent() && !recipe.stages().isEmpty()) {
      problems.add("rounds: train the student anew each time, in one stage; leave `stages` out");
    }
    needs(recipe, lineup, problems);
    if (recipe.training().stream().anyMatch(stage -> stage.train().mixup().isPresent())) {
      problems.add("train.mixup: an API cannot read mixtures of texts; leave this out");
    }
    return problems;
  }

  private static void judge(
      Recipe recipe, TeacherSettings judge, int remote, List<String> problems) {
    if (!judge.isRemote()) {
      problems.add("judge.model: is not behind an API, as a judge must be: " + judge.model());
    }
    if (remote < 2) {
      problems.add(
          "judge: settles what several `teachers` behind APIs disagree on, and there %s; leave it out"
              .formatted(remote == 0 ? "is none" : "is one"));
    }
    if (recipe.lineup().combination().orElse(null) instanceof Combination.Routing) {
      problems.add(
          "judge: has nothing to settle where `combine: routing` asks one teacher about a text; leave it out");
    }
  }

  private static void needs(Recipe recipe, Lineup lineup, List<String> problems) {
    recipe
        .terms()
        .forEach((place, term) -> {
          Set<Need> needs = term.isFromTeacher() ? term.objective().needs() : Set.of();
          boolean inside = lineup.main().isRemote() && needs.stream().anyMatch(Need::isFeature);
          if (inside || needs.contains(Need.LOGITS)) {
            problems.add(
                "%s: %s compares %s, which an API does not say; use losses on probabilities, such as forward-kl"
                    .formatted(place, term.name(), inside ? "layers" : "logits"));
          }
        });
    if (recipe.training().stream().noneMatch(stage -> stage.needs().contains(Need.DISTRIBUTION))) {
      problems.add(
          "objective: no loss hears the teacher, which would be paid for nothing; add forward-kl");
    }
  }
}
