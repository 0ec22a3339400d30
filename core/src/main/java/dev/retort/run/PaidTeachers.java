package dev.retort.run;

import dev.retort.api.ApiAddress;
import dev.retort.api.ApiSettings;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import dev.retort.api.RetryableApiException;
import dev.retort.data.Example;
import dev.retort.label.LabelledText;
import dev.retort.label.Labeller;
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
import dev.retort.redact.RedactingChatModel;
import dev.retort.redact.RedactionReport;
import dev.retort.redact.Redactor;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The teachers of a recipe that are behind APIs: opened with the ledger that remembers what was
/// paid for, and within the recipe's budget.
///
/// @param context what the run needs from outside
/// @param recipe whose teachers they are
record PaidTeachers(RunContext context, Recipe recipe) {

  private static final int REASONS_SHOWN = 3;

  /// Their names, in recipe order.
  List<String> names() {
    return recipe.lineup().names().stream()
        .filter(name -> recipe.lineup().teacher(name).isRemote())
        .toList();
  }

  /// What all models of this workspace have answered. The caller closes it.
  Ledger ledger() throws IOException {
    Files.createDirectories(context.workspace().root());
    return Ledger.open(context.workspace().ledger());
  }

  /// What all answers for the recipe have cost so far.
  Dollars paid() throws IOException {
    try (Ledger ledger = ledger()) {
      return ledger.paid(recipe.name());
    }
  }

  /// The teacher of these settings, ready to be asked.
  PaidTeacher open(TeacherSettings teacher, Ledger ledger) {
    ApiSettings settings = teacher.api().orElse(ApiSettings.DEFAULTS);
    Dollars before = ledger.paid(recipe.name());
    Budget budget =
        context.apis().budget().map(most -> new Budget(most, before)).orElseGet(Budget::unlimited);
    ChatModel api = context.apis().opener().open(ApiAddress.parse(teacher.model()), settings);
    LedgeredChatModel ledgered =
        new LedgeredChatModel(
            new BudgetedChatModel(api, price(teacher), budget),
            ledger,
            price(teacher),
            Provenance.of(recipe.name(), recipe.name(), teacher.licence().orElse("")));
    Optional<RedactionReport> redacted = teacher.redact().map(_ -> new RedactionReport());
    return new PaidTeacher(
        ledgered,
        redacted.isPresent() ? redacting(teacher, ledgered, redacted.get()) : ledgered,
        redacted,
        () -> ledger.paid(recipe.name()).minus(before).toString());
  }

  private static ChatModel redacting(
      TeacherSettings teacher, ChatModel model, RedactionReport report) {
    return teacher
        .redact()
        .<ChatModel>map(settings ->
            new RedactingChatModel(model, new Redactor(settings), settings.restore(), report))
        .orElse(model);
  }

  /// Has the teacher answer `requests` in batches, if its recipe says so: when it is asked one by
  /// one afterwards, the answers are known.
  void askInBatches(TeacherSettings teacher, List<ChatRequest> requests, Ledger ledger)
      throws IOException {
    if (teacher.batch().isPresent()) {
      new BatchedQuestions(context, recipe, ledger)
          .ask(teacher, teacher.batch().get(), asSent(teacher, requests));
    }
  }

  private static List<ChatRequest> asSent(
      TeacherSettings teacher, Collection<ChatRequest> requests) {
    Optional<Redactor> redactor = teacher.redact().map(Redactor::new);
    return requests.stream()
        .map(request ->
            redactor.map(some -> some.redaction(request).redact(request)).orElse(request))
        .toList();
  }

  /// What answers to `requests` would cost.
  Estimate estimate(TeacherSettings teacher, Collection<ChatRequest> requests, Ledger ledger) {
    return Estimate.of(
        asSent(teacher, requests),
        ApiAddress.parse(teacher.model()).text(),
        ledger,
        teacher.batch().isPresent() ? batchPrice(teacher) : price(teacher),
        TokenCounter.byCharacters());
  }

  private static Price batchPrice(TeacherSettings teacher) {
    return teacher.price().map(PriceSettings::batchPrice).orElse(Price.FREE);
  }

  private static Price price(TeacherSettings teacher) {
    return teacher.price().map(PriceSettings::price).orElse(Price.FREE);
  }

  /// Whether the user asked for the end.
  boolean isStopped() {
    return context.stop().reason().isPresent();
  }

  /// What came of asking the teacher of this name about each of `texts`.
  ///
  /// @throws RunInterruptedException if the user asked for the end first
  /// @throws RetryableApiException if some requests have failed for now
  List<LabelledText> complete(String name, Labeller labeller, List<Example> texts) {
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

  /// That requests to the teacher of this name have failed for now.
  static RetryableApiException failed(String name, List<RetryableApiException> failures) {
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
}
