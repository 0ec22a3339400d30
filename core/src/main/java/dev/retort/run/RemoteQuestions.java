package dev.retort.run;

import dev.retort.api.ChatRequest;
import dev.retort.data.Example;
import dev.retort.data.Labels;
import dev.retort.label.LabelQuestion;
import dev.retort.label.LabelSettings;
import dev.retort.label.ShownExamples;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.TeacherSettings;
import dev.retort.teacher.Combination;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// What a teacher behind an API is asked in a run.
///
/// Training texts that have a label are not asked about, unless the recipe says so: what a person
/// said stands. Held-out texts are, since the teacher is measured by them.
///
/// @param question how it is asked
/// @param known texts that have a label and are not asked about, each once
/// @param asked texts that are, each once
record RemoteQuestions(LabelQuestion question, List<Example> known, List<Example> asked) {

  RemoteQuestions {
    known = List.copyOf(known);
    asked = List.copyOf(asked);
  }

  /// What the teacher of this name is asked about `data`.
  ///
  /// @throws PlanException if the recipe explains labels that the data do not have
  static RemoteQuestions of(Recipe recipe, String name, CheckedData data) {
    TeacherSettings teacher = recipe.lineup().teacher(name);
    LabelSettings settings = teacher.ask().orElse(LabelSettings.USUAL);
    SequencedMap<String, Example> known = new LinkedHashMap<>();
    SequencedMap<String, Example> asked = new LinkedHashMap<>();
    Stream.concat(Stream.of(data.splits().train()), data.training().stream())
        .distinct()
        .flatMap(some -> some.examples().stream())
        .filter(example -> isFor(recipe, name, example))
        .forEach(example ->
            (stands(example, settings) ? known : asked).putIfAbsent(example.contentKey(), example));
    data.splits().heldOut().stream()
        .flatMap(some -> some.examples().stream())
        .forEach(example -> asked.putIfAbsent(example.contentKey(), example));
    known.keySet().removeAll(asked.keySet());
    return new RemoteQuestions(
        question(recipe, name, settings, data),
        List.copyOf(known.values()),
        List.copyOf(asked.values()));
  }

  /// Whether the label counts, so that nobody is asked: a correction does in any case.
  private static boolean stands(Example example, LabelSettings settings) {
    return example.isLabelled() && (!settings.labelled() || example.by().isPresent());
  }

  /// All requests, one after the other.
  Stream<ChatRequest> requests() {
    return asked.stream().flatMap(example -> question.requests(example).stream());
  }

  /// Whether this teacher is meant, where examples name theirs.
  private static boolean isFor(Recipe recipe, String name, Example example) {
    return !(recipe.lineup().combination().orElse(null) instanceof Combination.Routing routing)
        || example.route().map(routing.routes()::get).filter(name::equals).isPresent();
  }

  private static LabelQuestion question(
      Recipe recipe, String name, LabelSettings settings, CheckedData data) {
    Labels labels = data.splits().train().labels();
    List<String> strangers =
        settings.labels().keySet().stream()
            .filter(label -> !labels.names().contains(label))
            .toList();
    if (!strangers.isEmpty()) {
      throw new PlanException(
          List.of(
              "%s.ask.labels: %s are no labels of the data, which are %s"
                  .formatted(recipe.lineup().path(name), strangers, labels.names())));
    }
    List<Example> shown =
        ShownExamples.of(
            data.splits().train().examples(), settings.examples(), recipe.train().seed());
    return new LabelQuestion(labels.names(), settings, shown);
  }
}
