package dev.retort.run;

import dev.retort.data.Example;
import dev.retort.data.Finding;
import dev.retort.label.Dispute;
import dev.retort.label.DisputeQuestion;
import dev.retort.label.LabelSettings;
import dev.retort.label.LabelledText;
import dev.retort.label.Labeller;
import dev.retort.label.TextQuestion;
import dev.retort.label.Votes;
import dev.retort.ledger.Estimate;
import dev.retort.ledger.Ledger;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.TeacherSettings;
import dev.retort.run.RemoteLabelling.Labelled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Finds the texts on which teachers behind APIs disagree, and has the recipe's judge settle them.
///
/// @param context what the run needs from outside
/// @param recipe whose teachers they are
record Arbitration(RunContext context, Recipe recipe) {

  /// What the judge is called in files and messages.
  static final String JUDGE = "judge";

  /// What came of it.
  ///
  /// @param disputes texts to which teachers gave different labels, in the order of the data
  /// @param verdicts what the judge said about them, by the content of the text
  /// @param findings what is worth knowing about it
  record Settled(List<Dispute> disputes, Map<String, Votes> verdicts, List<Finding> findings) {

    Settled {
      disputes = List.copyOf(disputes);
      verdicts = Map.copyOf(verdicts);
      findings = List.copyOf(findings);
    }

    /// What the judge said about `example`.
    Optional<Votes> verdict(Example example) {
      return Optional.ofNullable(verdicts.get(example.contentKey()));
    }

    /// `labelled`, in which all teachers say what the judge said.
    SequencedMap<String, Labelled> apply(SequencedMap<String, Labelled> labelled) {
      SequencedMap<String, Labelled> settled = new LinkedHashMap<>();
      labelled.forEach((name, said) ->
          settled.put(
              name, said.with(said.texts().stream().map(this::settled).toList(), findings)));
      return settled;
    }

    private LabelledText settled(LabelledText text) {
      return verdict(text.example())
          .<LabelledText>map(votes -> new LabelledText.Known(text.example(), votes, false))
          .orElse(text);
    }
  }

  /// Settles what `labelled` disagree on, but for the texts of `heldOut`: there the teachers are
  /// measured as they are.
  Settled settle(SequencedMap<String, Labelled> labelled, List<String> labels, Set<String> heldOut)
      throws IOException {
    List<Dispute> disputes =
        disputes(labelled).stream()
            .filter(dispute -> !heldOut.contains(dispute.example().contentKey()))
            .toList();
    if (recipe.judge().isEmpty() || disputes.isEmpty()) {
      return new Settled(disputes, Map.of(), List.of());
    }
    return settle(recipe.judge().get(), labels, disputes);
  }

  /// What having `judge` settle `disputes` would cost.
  Estimate estimate(
      TeacherSettings judge, List<String> labels, List<Dispute> disputes, Ledger ledger) {
    TextQuestion question = question(judge, labels, disputes);
    return new PaidTeachers(context, recipe)
        .estimate(
            judge,
            disputes.stream().flatMap(dispute -> question.requests(dispute.example()).stream()),
            ledger);
  }

  private static TextQuestion question(
      TeacherSettings judge, List<String> labels, List<Dispute> disputes) {
    return new DisputeQuestion(
        labels, judge.ask().orElse(LabelSettings.USUAL), Dispute.byText(disputes));
  }

  /// The texts that several teachers labelled, and not alike.
  static List<Dispute> disputes(SequencedMap<String, Labelled> labelled) {
    return byText(labelled).stream().map(Dispute::of).flatMap(Optional::stream).toList();
  }

  /// For each text what the teachers said about it, by name.
  static List<SequencedMap<String, LabelledText>> byText(SequencedMap<String, Labelled> labelled) {
    SequencedMap<String, SequencedMap<String, LabelledText>> byText = new LinkedHashMap<>();
    labelled.forEach((name, said) ->
        said.texts()
            .forEach(text ->
                byText
                    .computeIfAbsent(text.example().contentKey(), _ -> new LinkedHashMap<>())
                    .put(name, text)));
    return List.copyOf(byText.sequencedValues());
  }

  private Settled settle(TeacherSettings judge, List<String> labels, List<Dispute> disputes)
      throws IOException {
    PaidTeachers teachers = new PaidTeachers(context, recipe);
    Map<String, Dispute> byText = Dispute.byText(disputes);
    TextQuestion question = question(judge, labels, disputes);
    List<Example> texts = disputes.stream().map(Dispute::example).toList();
    try (Ledger ledger = teachers.paying().ledger();
        PaidTeacher paid = teachers.open(judge, ledger)) {
      Labeller labeller =
          new Labeller(
              paid.model(), question, paid.concurrency(), () -> teachers.paying().isStopped());
      paid.askInBatches(texts.stream().flatMap(text -> question.requests(text).stream()));
      context.listener().phaseStarted("judge's choices", disputes.size(), "texts");
      Map<String, Votes> verdicts = new LinkedHashMap<>();
      for (LabelledText text : teachers.complete(JUDGE, labeller, texts)) {
        if (text instanceof LabelledText.Known(Example example, Votes votes, _)) {
          Dispute dispute = Objects.requireNonNull(byText.get(example.contentKey()));
          verdicts.put(example.contentKey(), dispute.settled(votes, labels.size()));
        }
      }
      context.listener().phaseEnded("judge's choices", paid.summary());
      List<Finding> findings = new ArrayList<>(paid.redaction(JUDGE).stream().toList());
      findings.add(
          Finding.note(
              String.format(
                  Locale.ROOT,
                  "judge: teachers disagree on %,d training texts, of which %,d were settled",
                  disputes.size(),
                  verdicts.size())));
      return new Settled(disputes, verdicts, findings);
    }
  }
}
