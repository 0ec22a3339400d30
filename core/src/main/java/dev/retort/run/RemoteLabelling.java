package dev.retort.run;

import dev.retort.api.ChatRequest;
import dev.retort.api.RetryableApiException;
import dev.retort.data.Example;
import dev.retort.data.Finding;
import dev.retort.eval.Bootstrap;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.label.Dispute;
import dev.retort.label.LabelQuestion;
import dev.retort.label.LabelledText;
import dev.retort.label.Labeller;
import dev.retort.label.Votes;
import dev.retort.ledger.Estimate;
import dev.retort.ledger.Ledger;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.TeacherSettings;
import dev.retort.run.PossibleDisputes.Questioned;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Has the texts of a run labelled by its teachers behind APIs, before anything is trained. Every
/// answer goes through the ledger, so that asking again costs nothing.
///
/// @param context what the run needs from outside
/// @param recipe whose teachers are asked
record RemoteLabelling(RunContext context, Recipe recipe) {

  /// What one teacher said.
  ///
  /// @param identity of the model and of how it was asked
  /// @param smoothing share of every soft target that is spread over all labels
  /// @param texts in the order of the data, each once
  /// @param costs what it costs to ask it about a test text, and how long that takes
  /// @param findings what is worth knowing about how it was asked
  record Labelled(
      String identity,
      double smoothing,
      List<LabelledText> texts,
      Map<Metric, Measured> costs,
      List<Finding> findings) {

    Labelled {
      texts = List.copyOf(texts);
      costs = Map.copyOf(costs);
      findings = List.copyOf(findings);
    }

    /// The same teacher, whose answers are `others`, and of which `more` is known.
    Labelled with(List<LabelledText> others, List<Finding> more) {
      return new Labelled(
          identity,
          smoothing,
          others,
          costs,
          Stream.concat(findings.stream(), more.stream()).distinct().toList());
    }
  }

  /// Asks all teachers of the recipe that are behind an API, by name, and then the judge, if there
  /// is one, about what they disagree on.
  ///
  /// @throws RunInterruptedException if the user asked for the end first
  /// @throws RetryableApiException if some requests have failed for now
  /// @throws dev.retort.ledger.BudgetSpentException if the budget was spent first
  SequencedMap<String, Labelled> ask(CheckedData data) throws IOException {
    SequencedMap<String, Labelled> each = askEach(data);
    return new Arbitration(context, recipe)
        .settle(each, data.splits().train().labels().names(), heldOut(data))
        .apply(each);
  }

  private static Set<String> heldOut(CheckedData data) {
    return data.splits().heldOut().stream()
        .flatMap(some -> some.examples().stream())
        .map(Example::contentKey)
        .collect(Collectors.toSet());
  }

  /// The same without a judge.
  SequencedMap<String, Labelled> askEach(CheckedData data) throws IOException {
    SequencedMap<String, Labelled> labelled = new LinkedHashMap<>();
    for (String name : teachers().names()) {
      labelled.put(name, ask(name, data));
    }
    return labelled;
  }

  /// What asking them would cost, by name; the judge at most.
  SequencedMap<String, Estimate> estimate(CheckedData data) throws IOException {
    SequencedMap<String, Estimate> estimates = new LinkedHashMap<>();
    SequencedMap<String, Questioned> each = new LinkedHashMap<>();
    try (Ledger ledger = teachers().paying().ledger()) {
      for (String name : teachers().names()) {
        TeacherSettings teacher = recipe.lineup().teacher(name);
        RemoteQuestions questions = RemoteQuestions.of(recipe, name, data);
        estimates.put(name, teachers().estimate(teacher, questions.requests(), ledger));
        each.put(name, new Questioned(teacher.remoteModel(), questions));
      }
      if (recipe.judge().isPresent()) {
        List<Dispute> disputes = new PossibleDisputes(ledger, heldOut(data)).of(each);
        List<String> labels = data.splits().train().labels().names();
        estimates.put(
            Arbitration.JUDGE,
            new Arbitration(context, recipe)
                .estimate(recipe.judge().get(), labels, disputes, ledger));
      }
    }
    return estimates;
  }

  private PaidTeachers teachers() {
    return new PaidTeachers(context, recipe);
  }

  private Labelled ask(String name, CheckedData data) throws IOException {
    RemoteQuestions questions = RemoteQuestions.of(recipe, name, data);
    try (Ledger ledger = teachers().paying().ledger();
        PaidTeacher paid = teachers().open(recipe.lineup().teacher(name), ledger)) {
      paid.askInBatches(questions.requests());
      Labeller labeller =
          new Labeller(
              paid.model(),
              questions.question(),
              paid.concurrency(),
              () -> teachers().paying().isStopped());
      String phase = "%s's labels".formatted(name);
      context.listener().phaseStarted(phase, questions.asked().size(), "texts");
      List<LabelledText> asked = teachers().complete(name, labeller, questions.asked());
      context.listener().phaseEnded(phase, summary(asked, paid));
      return new Labelled(
          paid.fingerprint(questions.question()),
          questions.question().settings().smoothing(),
          all(questions, asked),
          costs(paid, questions.question(), data),
          paid.redaction(name).stream().toList());
    }
  }

  private Map<Metric, Measured> costs(PaidTeacher paid, LabelQuestion question, CheckedData data) {
    Stream<List<ChatRequest>> tests =
        data.splits().test().stream()
            .flatMap(test -> test.examples().stream())
            .map(question::requests);
    return paid.costs(tests, Bootstrap.ofSeed(recipe.train().seed()));
  }

  private static List<LabelledText> all(RemoteQuestions questions, List<LabelledText> asked) {
    int labels = questions.question().labels().size();
    List<LabelledText> all = new ArrayList<>();
    for (Example example : questions.known()) {
      all.add(new LabelledText.Known(example, Votes.certain(example.label(), labels), true));
    }
    all.addAll(asked);
    return all;
  }

  private static String summary(List<LabelledText> asked, PaidTeacher paid) {
    long unknown = asked.stream().filter(LabelledText.Unknown.class::isInstance).count();
    return String.format(
        Locale.ROOT,
        "%,d texts labelled, %,d without a usable answer; %s",
        asked.size() - unknown,
        unknown,
        paid.summary());
  }
}
