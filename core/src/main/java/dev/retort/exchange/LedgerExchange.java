package dev.retort.exchange;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import dev.retort.data.Place;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Entry;
import dev.retort.ledger.Ledger;
import dev.retort.ledger.Provenance;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts teacher answers of other systems into a ledger, and takes a ledger's answers out.
public final class LedgerExchange {

  /// As what imported answers count.
  ///
  /// @param identity [dev.retort.api.ChatModel#identity] of the model that runs would ask
  /// @param decoding how runs would ask it
  /// @param provenance what is noted; the place of each record becomes its source
  public record Asked(String identity, Decoding decoding, Provenance provenance) {}

  private LedgerExchange() {}

  /// Records answers that were paid for elsewhere, so that a run that asks the same finds them and
  /// pays nothing. Answers that the ledger has already stay as they are; records without an answer
  /// or a teacher are left out.
  ///
  /// @param now when, for answers that do not say so themselves
  /// @return how many were new
  public static int importAnswers(
      Ledger ledger, List<ExchangeRecord> records, Asked asked, Instant now) {
    List<Entry> entries = new ArrayList<>();
    for (ExchangeRecord record : records) {
      if (record.teacher().isPresent() && record.answer().isPresent()) {
        entries.add(entry(record, record.teacher().get(), record.answer().get(), asked, now));
      }
    }
    return ledger.recordUnknown(entries);
  }

  private static Entry entry(
      ExchangeRecord record, Teacher teacher, String text, Asked asked, Instant now) {
    ChatAnswer answer =
        new ChatAnswer(
            text, teacher.finish(), teacher.usage(), teacher.model(), teacher.id(), List.of());
    return new Entry(
        asked.identity(),
        ChatRequest.of(record.question(), asked.decoding()).withSample(teacher.sample()),
        answer,
        Dollars.ZERO,
        teacher.at().orElse(now),
        Duration.ZERO,
        asked.provenance().from("import " + record.place()));
  }

  /// All answers of a ledger as conversations, in the order in which they were recorded.
  public static List<ExchangeRecord> records(Ledger ledger) {
    List<ExchangeRecord> records = new ArrayList<>();
    ledger.forEach(
        entry -> records.add(record(entry, new Place(ledger.path(), records.size() + 1L))));
    return records;
  }

  private static ExchangeRecord record(Entry entry, Place place) {
    ChatAnswer answer = entry.answer();
    List<ChatTurn> turns = new ArrayList<>(entry.request().turns());
    turns.add(ChatTurn.assistant(answer.text()));
    Teacher teacher =
        new Teacher(
            answer.model(),
            answer.id(),
            answer.finish(),
            answer.usage(),
            Optional.of(entry.at()),
            entry.request().sample());
    return new ExchangeRecord(
        turns,
        place,
        Optional.of(teacher),
        Optional.empty(),
        Map.of("run", entry.provenance().run(), "licence", entry.provenance().licence()));
  }
}
