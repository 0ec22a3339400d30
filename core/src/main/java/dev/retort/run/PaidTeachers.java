package dev.retort.run;

import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import dev.retort.api.RetryableApiException;
import dev.retort.data.Example;
import dev.retort.label.LabelledText;
import dev.retort.label.Labeller;
import dev.retort.ledger.CanonicalRequest;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Entry;
import dev.retort.ledger.Estimate;
import dev.retort.ledger.Ledger;
import dev.retort.ledger.LedgeredChatModel;
import dev.retort.ledger.TokenCounter;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.TeacherSettings;
import dev.retort.redact.RedactingChatModel;
import dev.retort.redact.RedactionReport;
import dev.retort.redact.Redactor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The teachers of a recipe that are behind APIs: opened with the ledger that remembers what was
/// paid for, and within the recipe's budget.
///
/// @param context what the run needs from outside
/// @param recipe whose teachers they are
record PaidTeachers(RunContext context, Recipe recipe) {

  /// Their names, in recipe order.
  List<String> names() {
    return recipe.lineup().names().stream()
        .filter(name -> recipe.lineup().teacher(name).isRemote())
        .toList();
  }

  /// Asks on the recipe's account.
  Paying paying() {
    return new Paying(context, recipe.name());
  }

  /// The teacher of these settings, ready to be asked.
  PaidTeacher open(TeacherSettings teacher, Ledger ledger) {
    Dollars before = ledger.paid(recipe.name());
    LedgeredChatModel ledgered =
        paying()
            .open(teacher.address(), teacher.reached(), teacher.paid(), teacher.licence(), ledger);
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
  void askInBatches(TeacherSettings teacher, Supplier<Stream<ChatRequest>> requests, Ledger ledger)
      throws IOException {
    if (teacher.batch().isPresent()) {
      new BatchedQuestions(paying(), ledger)
          .ask(teacher, teacher.batch().get(), asSent(teacher, requests.get()));
    }
  }

  private static List<ChatRequest> asSent(TeacherSettings teacher, Stream<ChatRequest> requests) {
    Optional<Redactor> redactor = teacher.redact().map(Redactor::new);
    return requests
        .map(request ->
            redactor.map(some -> some.redaction(request).redact(request)).orElse(request))
        .toList();
  }

  /// What the ledger has of the answers of the model `identity` to `requests`, if it has them all.
  static Optional<List<Entry>> entries(
      String identity, TeacherSettings teacher, List<ChatRequest> requests, Ledger ledger) {
    List<Entry> entries =
        asSent(teacher, requests.stream()).stream()
            .flatMap(request -> ledger.entry(CanonicalRequest.key(identity, request)).stream())
            .toList();
    return Optional.of(entries).filter(all -> all.size() == requests.size());
  }

  /// What answers to `requests` would cost.
  Estimate estimate(TeacherSettings teacher, Stream<ChatRequest> requests, Ledger ledger) {
    return Estimate.of(
        asSent(teacher, requests),
        teacher.address().text(),
        ledger,
        teacher.batch().isPresent() ? teacher.paidInBatches() : teacher.paid(),
        TokenCounter.byCharacters());
  }

  /// What came of asking the teacher of this name about each of `texts`.
  ///
  /// @throws RunInterruptedException if the user asked for the end first
  /// @throws RetryableApiException if some requests have failed for now
  List<LabelledText> complete(String name, Labeller labeller, List<Example> texts) {
    Labeller.Outcome outcome =
        paying().asking(() -> labeller.label(texts, done -> context.listener().advanced(done)));
    Paying.requireAll(name, outcome.unanswered());
    return outcome.labelled();
  }
}
