package dev.retort.exchange;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import dev.retort.data.DataException;
import dev.retort.data.Finding;
import dev.retort.data.Finding.Severity;
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

  /// The key in [ExchangeRecord#metadata] of the name that an answer in a ledger is noted under.
  public static final String RUN = "run";

  /// As what imported answers count.
  ///
  /// @param identity [dev.retort.api.ChatModel#identity] of the model that runs would ask
  /// @param answeredBy whose answers are taken, as the records name the model; needed where they
  ///   have answers of several
  /// @param decoding how runs would ask it
  /// @param provenance what is noted; the place of each record becomes its source
  public record Asked(
      String identity, Optional<String> answeredBy, Decoding decoding, Provenance provenance) {}

  /// What came of an import.
  ///
  /// @param added answers that are new in the ledger
  /// @param known answers that it had already
  /// @param rejected records that are no answers of a teacher, or not whole ones
  public record Noted(int added, int known, List<Rejected> rejected) {

    public Noted {
      rejected = List.copyOf(rejected);
    }
  }

  private LedgerExchange() {}

  /// Records answers that were paid for elsewhere, so that a run that asks the same finds them and
  /// pays nothing. Answers that the ledger has already stay as they are. One that was cut off is
  /// rejected: the limit of whoever asked need not be that of a run.
  ///
  /// @param now when, for answers that do not say so themselves
  /// @throws DataException if several models answered and none is chosen: answers of one that count
  ///   as those of another would spoil what is learnt from them
  public static Noted importAnswers(
      Ledger ledger, List<ExchangeRecord> records, Asked asked, Instant now) {
    if (asked.answeredBy().isEmpty()) {
      requireOneModel(records);
    }
    List<Entry> entries = new ArrayList<>();
    List<Rejected> rejected = new ArrayList<>();
    for (ExchangeRecord record : records) {
      misfit(record, asked)
          .ifPresentOrElse(
              reason -> rejected.add(new Rejected(record.place(), reason)),
              () -> entries.add(entry(record, asked, now)));
    }
    int added = ledger.recordUnknown(entries);
    return new Noted(added, entries.size() - added, rejected);
  }

  private static void requireOneModel(List<ExchangeRecord> records) {
    List<String> models =
        records.stream()
            .flatMap(record -> record.teacher().stream())
            .map(Teacher::model)
            .distinct()
            .toList();
    if (models.size() > 1) {
      String message =
          "several models answered: %s; choose one with --answered-by".formatted(models);
      throw new DataException(List.of(new Finding(Severity.ERROR, Optional.empty(), message)));
    }
  }

  private static Optional<String> misfit(ExchangeRecord record, Asked asked) {
    if (record.answer().isEmpty()) {
      return Optional.of("does not end with an answer");
    }
    if (record.teacher().isEmpty()) {
      return Optional.of(
          "does not say which model answered; openai-stored, openai-batch and bedrock-log do");
    }
    Teacher teacher = record.teacher().get();
    if (!teacher.model().equals(asked.answeredBy().orElse(teacher.model()))) {
      return Optional.of(
          "was answered by %s, not by %s".formatted(teacher.model(), asked.answeredBy().get()));
    }
    return teacher.finish() == Finish.LENGTH
        ? Optional.of("was cut off at its limit of tokens, which need not be that of a run")
        : Optional.empty();
  }

  private static Entry entry(ExchangeRecord record, Asked asked, Instant now) {
    Teacher teacher = record.teacher().orElseThrow();
    ChatAnswer answer =
        new ChatAnswer(
            record.answer().orElseThrow(),
            teacher.finish(),
            teacher.usage(),
            teacher.model(),
            teacher.id(),
            List.of());
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
        Map.of(RUN, entry.provenance().run(), "licence", entry.provenance().licence()));
  }
}
