package dev.retort.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
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
      assertThat(LedgerExchange.importAnswers(ledger, records, ASKED, NOW)).isEqualTo(1);
      assertThat(LedgerExchange.importAnswers(ledger, records, ASKED, NOW)).isZero();

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

  private static ExchangeRecord record(
      List<ChatTurn> question, Optional<Teacher> teacher, ChatTurn answer) {
    List<ChatTurn> turns = new ArrayList<>(question);
    turns.add(answer);
    return new ExchangeRecord(
        turns, new Place(Path.of("log"), 7), teacher, Optional.empty(), Map.of());
  }
}
