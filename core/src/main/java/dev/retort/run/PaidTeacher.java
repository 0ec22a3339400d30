package dev.retort.run;

import dev.retort.api.ChatModel;
import dev.retort.data.Finding;
import dev.retort.ledger.LedgeredChatModel;
import dev.retort.redact.RedactionReport;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// A teacher behind an API while it is asked: what must stay on this machine is replaced first,
/// then the ledger answers what it knows, and the rest is paid for.
///
/// @param ledgered what is asked and what is known
/// @param model the same, to which nothing is told that must stay here
/// @param redacted what was replaced
/// @param paid what all answers for the recipe have cost since this teacher was opened
record PaidTeacher(
    LedgeredChatModel ledgered,
    ChatModel model,
    Optional<RedactionReport> redacted,
    Supplier<String> paid)
    implements AutoCloseable {

  /// Hash of the model and of `how` it is asked.
  String fingerprint(Object how) {
    return Fingerprints.of(ledgered.identity(), how);
  }

  /// What was paid and what was known: `12 requests sent for $0.10, 3 answers were known`.
  String summary() {
    return String.format(
        Locale.ROOT,
        "%,d requests sent for %s, %,d answers were known",
        ledgered.asked(),
        paid.get(),
        ledgered.known());
  }

  /// What was replaced before the teacher of this name was asked, if it is asked so.
  Optional<Finding> redaction(String name) {
    return redacted.map(report ->
        Finding.note(
            "%s.redact: %s; the ledger has the requests as they were sent"
                .formatted(name, replaced(report))));
  }

  private static String replaced(RedactionReport report) {
    return report.counts().isEmpty()
        ? "nothing had to be replaced"
        : report.counts().entrySet().stream()
                .map(entry -> "%,d × %s".formatted(entry.getValue(), entry.getKey()))
                .collect(Collectors.joining(", ", "replaced before asking: ", ""))
            + " in %s".formatted(Finding.count(report.places().size(), "request"));
  }

  @Override
  public void close() {
    model.close();
  }
}
