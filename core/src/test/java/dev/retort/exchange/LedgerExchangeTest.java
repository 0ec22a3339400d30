package dev.retort.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import dev.retort.data.DataException;
import dev.retort.data.Place;
import dev.retort.ledger.CanonicalRequest;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Ledger;
import dev.retort.ledger.Provenance;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerExchangeTest {

  private static final Instant NOW = Instant.parse("2026-11-22T20:00:00Z");
  private static final LedgerExchange.Asked ASKED =
      new LedgerExchange.Asked(
          "openai https://api.example/v1 gpt-x",
          Optional.empty(),
          Decoding.greedy(64),
          Provenance.of("import", "banking", "own logs"));

  @TempDir Path folder;

  @Test
  void importedAnswersAreFoundByWhoWouldAskThemAndCostNothing() {
    List<ChatTurn> question = List.of(ChatTurn.system("Be brief."), ChatTurn.user("Where?"));
    Teacher teacher =
        new Teacher("gpt-x", "id-1", Finish.STOP, new Usage(9, 0, 2), Optional.empty(), 1);
    ExchangeRecord answered = record(question, Optional.of(teacher), ChatTurn.assistant("Here."));
    ExchangeRecord byPeople = record(question, Optional.empty(), ChatTurn.assistant("There."));
    ExchangeRecord unanswered = ExchangeRecord.of(question, new Place(Path.of("log"), 3));
    List<ExchangeRecord> records = List.of(answered, byPeople, unanswered);
    try (Ledger ledger = Ledger.open(folder.resolve("ledger.sqlite"))) {
      LedgerExchange.Noted first = LedgerExchange.importAnswers(ledger, records, ASKED, NOW);
      LedgerExchange.Noted again = LedgerExchange.importAnswers(ledger, records, ASKED, NOW);

      assertThat(first.added()).isEqualTo(1);
      assertThat(first.known()).isZero();
      assertThat(again.added()).isZero();
      assertThat(again.known()).isEqualTo(1);
      assertThat(first.rejected())
          .extracting(Rejected::toString)
          .containsExactly(
              "log:7: does not say which model answered; openai-stored, openai-batch and bedrock-log do",
              "log:3: does not end with an answer");

      ChatRequest request = ChatRequest.of(question, Decoding.greedy(64)).withSample(1);
      assertThat(ledger.find(CanonicalRequest.key(ASKED.identity(), request)))
          .hasValueSatisfying(answer -> assertThat(answer.text()).isEqualTo("Here."));
      assertThat(ledger.paid("import")).isEqualTo(Dollars.ZERO);
      List<String> sources = new ArrayList<>();
      ledger.forEach(entry -> sources.add(entry.provenance().source()));
      assertThat(sources).containsExactly("import log:7");
      assertThat(LedgerExchange.records(ledger))
          .containsExactly(
              new ExchangeRecord(
                  answered.turns(),
                  new Place(ledger.path(), 1),
                  Optional.of(
                      new Teacher(
                          "gpt-x", "id-1", Finish.STOP, new Usage(9, 0, 2), Optional.of(NOW), 1)),
                  Optional.empty(),
                  Map.of("run", "import", "licence", "own logs")));
    }
  }

  @Test
  void answersOfOneModelDoNotCountAsThoseOfAnother() {
    List<ChatTurn> question = List.of(ChatTurn.user("Where?"));
    List<ExchangeRecord> records =
        List.of(
            record(question, teacher("gpt-x", Finish.STOP), ChatTurn.assistant("Here.")),
            record(question, teacher("gpt-y", Finish.STOP), ChatTurn.assistant("There.")),
            record(question, teacher("gpt-y", Finish.LENGTH), ChatTurn.assistant("The")));
    LedgerExchange.Asked ofY =
        new LedgerExchange.Asked(
            ASKED.identity(), Optional.of("gpt-y"), ASKED.decoding(), ASKED.provenance());
    try (Ledger ledger = Ledger.open(folder.resolve("ledger.sqlite"))) {
      assertThatThrownBy(() -> LedgerExchange.importAnswers(ledger, records, ASKED, NOW))
          .isInstanceOf(DataException.class)
          .hasMessage(
              "error: several models answered: [gpt-x, gpt-y]; choose one with --answered-by");
      assertThat(LedgerExchange.records(ledger)).isEmpty();

      LedgerExchange.Noted noted = LedgerExchange.importAnswers(ledger, records, ofY, NOW);

      assertThat(noted.rejected())
          .extracting(Rejected::reason)
          .containsExactly(
              "was answered by gpt-x, not by gpt-y",
              "was cut off at its limit of tokens, which need not be that of a run");
      assertThat(LedgerExchange.records(ledger))
          .extracting(ExchangeRecord::answer)
          .containsExactly(Optional.of("There."));
    }
  }

  private static Optional<Teacher> teacher(String model, Finish finish) {
    return Optional.of(new Teacher(model, "", finish, Usage.NONE, Optional.empty(), 0));
  }

  private static ExchangeRecord record(
      List<ChatTurn> question, Optional<Teacher> teacher, ChatTurn answer) {
    List<ChatTurn> turns = new ArrayList<>(question);
    turns.add(answer);
    return new ExchangeRecord(
        turns, new Place(Path.of("log"), 7), teacher, Optional.empty(), Map.of());
  }
}
