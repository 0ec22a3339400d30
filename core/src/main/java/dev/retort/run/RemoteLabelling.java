package dev.retort.run;

import dev.retort.api.ApiAddress;
import dev.retort.api.ApiSettings;
import dev.retort.api.ChatModel;
import dev.retort.api.RetryableApiException;
import dev.retort.data.Example;
import dev.retort.label.LabelledText;
import dev.retort.label.Labeller;
import dev.retort.label.Votes;
import dev.retort.ledger.Budget;
import dev.retort.ledger.BudgetedChatModel;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Estimate;
import dev.retort.ledger.Ledger;
import dev.retort.ledger.LedgeredChatModel;
import dev.retort.ledger.Price;
import dev.retort.ledger.PriceSettings;
import dev.retort.ledger.Provenance;
import dev.retort.ledger.TokenCounter;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.TeacherSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/// Has the texts of a run labelled by its teachers behind APIs, before anything is trained. Every
/// answer goes through the ledger, so that asking again costs nothing.
///
/// @param context what the run needs from outside
/// @param recipe whose teachers are asked
record RemoteLabelling(RunContext context, Recipe recipe) {

  private static final int REASONS_SHOWN = 3;

  /// What one teacher said.
  ///
  /// @param identity of the model and of how it was asked
  /// @param smoothing share of every soft target that is spread over all labels
  /// @param texts in the order of the data, each once
  record Labelled(String identity, double smoothing, List<LabelledText> texts) {

    Labelled {
      texts = List.copyOf(texts);
    }
  }

  /// Asks all teachers of the recipe that are behind an API, by name.
  ///
  /// @throws RunInterruptedException if the user asked for the end first
  /// @throws RetryableApiException if some requests have failed for now
  /// @throws dev.retort.ledger.BudgetSpentException if the budget was spent first
  SequencedMap<String, Labelled> ask(CheckedData data) throws IOException {
    SequencedMap<String, Labelled> labelled = new LinkedHashMap<>();
    for (String name : remote()) {
      labelled.put(name, ask(name, RemoteQuestions.of(recipe, name, data)));
    }
    return labelled;
  }

  /// What asking them would cost, by name.
  SequencedMap<String, Estimate> estimate(CheckedData data) throws IOException {
    SequencedMap<String, Estimate> estimates = new LinkedHashMap<>();
    try (Ledger ledger = ledger()) {
      for (String name : remote()) {
        estimates.put(
            name,
            Estimate.of(
                RemoteQuestions.of(recipe, name, data).requests().toList(),
                ApiAddress.parse(recipe.lineup().teacher(name).model()).text(),
                ledger,
                price(name),
                TokenCounter.byCharacters()));
      }
    }
    return estimates;
  }

  /// What all answers for the recipe have cost so far.
  Dollars paid() throws IOException {
    try (Ledger ledger = ledger()) {
      return ledger.paid(recipe.name());
    }
  }

  private List<String> remote() {
    return recipe.lineup().names().stream()
        .filter(name -> recipe.lineup().teacher(name).isRemote())
        .toList();
  }

  private Ledger ledger() throws IOException {
    Files.createDirectories(context.workspace().root());
    return Ledger.open(context.workspace().ledger());
  }

  private Price price(String name) {
    return recipe.lineup().teacher(name).price().map(PriceSettings::price).orElse(Price.FREE);
  }

  private Labelled ask(String name, RemoteQuestions questions) throws IOException {
    TeacherSettings teacher = recipe.lineup().teacher(name);
    ApiSettings settings = teacher.api().orElse(ApiSettings.DEFAULTS);
    try (Ledger ledger = ledger();
        ChatModel api = context.apis().opener().open(ApiAddress.parse(teacher.model()), settings);
        LedgeredChatModel model = paid(api, name, ledger)) {
      Dollars before = ledger.paid(recipe.name());
      Labeller labeller =
          new Labeller(model, questions.question(), settings.concurrency(), this::isStopped);
      String phase = "%s's labels".formatted(name);
      context.listener().phaseStarted(phase, questions.asked().size(), "texts");
      List<LabelledText> asked = complete(name, labeller, questions.asked());
      Dollars paid = ledger.paid(recipe.name()).minus(before);
      context.listener().phaseEnded(phase, summary(asked, model, paid));
      return new Labelled(
          Fingerprints.of(model.identity(), questions.question()),
          questions.question().settings().smoothing(),
          all(questions, asked));
    }
  }

  private boolean isStopped() {
    return context.stop().reason().isPresent();
  }

  private LedgeredChatModel paid(ChatModel api, String name, Ledger ledger) {
    Dollars before = ledger.paid(recipe.name());
    Optional<Dollars> limit = context.apis().budget();
    Budget budget = limit.map(most -> new Budget(most, before)).orElseGet(Budget::unlimited);
    String licence = recipe.lineup().teacher(name).licence().orElse("");
    return new LedgeredChatModel(
        new BudgetedChatModel(api, price(name), budget),
        ledger,
        price(name),
        Provenance.of(recipe.name(), recipe.name(), licence));
  }

  /// What came of each of `texts`.
  private List<LabelledText> complete(String name, Labeller labeller, List<Example> texts) {
    Labeller.Outcome outcome;
    try {
      outcome = labeller.label(texts, done -> context.listener().advanced(done));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RunInterruptedException.whileAsking(context.workspace().ledger());
    }
    if (isStopped()) {
      throw RunInterruptedException.whileAsking(context.workspace().ledger());
    }
    if (!outcome.unanswered().isEmpty()) {
      throw failed(name, outcome.unanswered());
    }
    return outcome.labelled();
  }

  private static RetryableApiException failed(String name, List<RetryableApiException> failures) {
    List<String> reasons =
        failures.stream()
            .map(failure -> String.valueOf(failure.getMessage()))
            .distinct()
            .limit(REASONS_SHOWN)
            .toList();
    return new RetryableApiException(
        String.format(
            Locale.ROOT,
            "%s: %,d requests have no answer yet; what was answered is in the ledger, so run the same command again\n  %s",
            name,
            failures.size(),
            String.join("\n  ", reasons)),
        Optional.empty());
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

  private static String summary(List<LabelledText> asked, LedgeredChatModel model, Dollars paid) {
    long unknown = asked.stream().filter(LabelledText.Unknown.class::isInstance).count();
    return String.format(
        Locale.ROOT,
        "%,d texts labelled, %,d without a usable answer; %,d requests sent for %s, %,d answers were known",
        asked.size() - unknown,
        unknown,
        model.asked(),
        paid,
        model.known());
  }
}
