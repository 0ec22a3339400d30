package dev.retort.run;

import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import dev.retort.data.Finding;
import dev.retort.eval.Bootstrap;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.ledger.Budget;
import dev.retort.ledger.BudgetedChatModel;
import dev.retort.ledger.CanonicalRequest;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Entry;
import dev.retort.ledger.Ledger;
import dev.retort.ledger.LedgeredChatModel;
import dev.retort.redact.RedactingChatModel;
import dev.retort.redact.RedactionReport;
import dev.retort.remote.RemoteModel;
import dev.retort.remote.RemoteSettings;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A teacher behind an API while it is asked: what must stay on this machine is replaced first,
/// then the ledger answers what it knows, and the rest is paid for out of one budget, in batches or
/// one by one.
final class PaidTeacher implements AutoCloseable {

  private final Paying paying;
  private final RemoteModel remote;
  private final Ledger ledger;
  private final Dollars before;
  private final Optional<BatchedQuestions> batches;
  private final LongAdder inBatches = new LongAdder();
  private final LedgeredChatModel ledgered;
  private final RedactionReport redacted = new RedactionReport();

  /// Opens `remote`; nothing is sent until it is asked.
  ///
  /// @param ledger stays open
  PaidTeacher(Paying paying, RemoteModel remote, Ledger ledger) throws IOException {
    this.paying = paying;
    this.remote = remote;
    this.ledger = ledger;
    this.before = ledger.paid(paying.name());
    Budget budget = paying.budget(ledger);
    this.batches = BatchedQuestions.open(paying, remote, ledger, budget);
    this.ledgered = ledgered(budget);
  }

  private LedgeredChatModel ledgered(Budget budget) {
    RemoteSettings settings = remote.settings();
    ChatModel api = paying.context().apis().opener().open(remote.model(), settings.reached());
    return new LedgeredChatModel(
        new BudgetedChatModel(api, settings.paid(), budget),
        ledger,
        settings.paid(),
        paying.provenance(settings.licence()));
  }

  /// Who is asked one by one.
  ChatModel model() {
    return new RedactingChatModel(ledgered, remote.redactor(), redacted);
  }

  /// How many requests may be under way at once.
  int concurrency() {
    return remote.settings().reached().concurrency();
  }

  /// Has `requests` answered in batches, if the settings say so: when they are asked one by one
  /// afterwards, the answers are known.
  ///
  /// @throws RunInterruptedException if the user asked for the end first
  void askInBatches(Stream<ChatRequest> requests) {
    if (batches.isPresent()) {
      List<ChatRequest> missing = missing(remote.asSent(requests));
      if (!missing.isEmpty()) {
        batches.get().ask(missing);
        inBatches.add(missing.size() - missing(missing).size());
      }
    }
  }

  /// Those of `sent` without an answer, each once.
  private List<ChatRequest> missing(Collection<ChatRequest> sent) {
    return sent.stream()
        .distinct()
        .filter(request -> ledger.find(CanonicalRequest.key(remote.identity(), request)).isEmpty())
        .toList();
  }

  /// What it costs to ask it about a text, and how long that takes, by the answers that are known.
  ///
  /// @param texts for each text all that is asked about it
  Map<Metric, Measured> costs(Stream<List<ChatRequest>> texts, Bootstrap bootstrap) {
    List<List<Entry>> answered = texts.flatMap(requests -> entries(requests).stream()).toList();
    return AskingCosts.of(remote.settings(), answered, bootstrap);
  }

  /// What the ledger has of the answers to `requests`, if it has them all.
  private Optional<List<Entry>> entries(List<ChatRequest> requests) {
    List<Entry> entries =
        remote.asSent(requests.stream()).stream()
            .map(request -> CanonicalRequest.key(ledgered.identity(), request))
            .flatMap(key -> ledger.entry(key).stream())
            .toList();
    return Optional.of(entries).filter(all -> all.size() == requests.size());
  }

  /// Hash of the model and of `how` it is asked.
  String fingerprint(Object how) {
    return Fingerprints.of(ledgered.identity(), how);
  }

  /// Answers that were paid for since it was opened.
  long asked() {
    return ledgered.asked() + inBatches.sum();
  }

  /// Answers that were known before.
  long known() {
    return ledgered.known() - inBatches.sum();
  }

  /// What all answers on the account have cost since it was opened.
  Dollars paid() {
    return ledger.paid(paying.name()).minus(before);
  }

  /// What was paid and what was known: `12 requests sent for $0.10, 3 answers were known`.
  String summary() {
    return String.format(
        Locale.ROOT, "%,d requests sent for %s, %,d answers were known", asked(), paid(), known());
  }

  /// What was replaced before the teacher of this name was asked, if it is asked so.
  Optional<Finding> redaction(String name) {
    return remote
        .settings()
        .redact()
        .map(_ ->
            Finding.note(
                "%s.redact: %s; the ledger has the requests as they were sent"
                    .formatted(name, replaced())));
  }

  private String replaced() {
    return redacted.counts().isEmpty()
        ? "nothing had to be replaced"
        : redacted.counts().entrySet().stream()
                .map(entry -> "%,d × %s".formatted(entry.getValue(), entry.getKey()))
                .collect(Collectors.joining(", ", "replaced before asking: ", ""))
            + " in %s".formatted(Finding.count(redacted.places().size(), "request"));
  }

  @Override
  public void close() {
    ledgered.close();
  }
}
