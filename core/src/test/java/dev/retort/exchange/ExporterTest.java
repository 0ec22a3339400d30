package dev.retort.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatTurn;
import dev.retort.data.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExporterTest {

  private static final ChatTurn SYSTEM = ChatTurn.system("Sei \"kurz\".");
  private static final ChatTurn QUESTION = ChatTurn.user("Wo?\n\u2028");
  private static final ChatTurn ANSWER = ChatTurn.assistant("Zürich 🏔");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("new").resolve("rows.jsonl");
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENAI_CHAT", "BEDROCK_CONVERSATION", "SHAREGPT", "ALPACA"})
  void whatIsWrittenIsReadAgain(ExchangeFormat format) throws IOException {
    List<ExchangeRecord> records =
        records(
            List.of(SYSTEM, QUESTION, ANSWER),
            List.of(QUESTION, ANSWER),
            List.of(SYSTEM, QUESTION, ANSWER, ChatTurn.user("Und?"), ChatTurn.assistant("Ja.")));

    Exporter.Exported exported = Exporter.write(file, format, records);
    Imported imported = Importer.read(file);

    assertThat(exported.written()).isEqualTo(3);
    assertThat(Files.readAllLines(file)).hasSize(3);
    assertThat(imported.format()).isEqualTo(format);
    assertThat(imported.rejected()).isEmpty();
    assertThat(imported.records())
        .extracting(ExchangeRecord::turns)
        .containsExactlyElementsOf(records.stream().map(ExchangeRecord::turns).toList());
  }

  @ParameterizedTest
  @EnumSource(names = {"SHAREGPT", "ALPACA"})
  void aListIsReadAgain(ExchangeFormat format) throws IOException {
    Path list = folder.resolve("rows.json");
    Exporter.write(list, format, records(List.of(QUESTION, ANSWER), List.of(QUESTION, ANSWER)));

    assertThat(Files.readString(list)).startsWith("[\n{").endsWith("}\n]\n");
    assertThat(Importer.read(list).records()).hasSize(2);
  }

  @Test
  void theFormatsAreTheirOwners() throws IOException {
    List<ExchangeRecord> records = records(List.of(SYSTEM, ChatTurn.user("Wo?"), ANSWER));

    assertThat(written(ExchangeFormat.OPENAI_CHAT, records))
        .isEqualTo(
            "{\"messages\":[{\"role\":\"system\",\"content\":\"Sei \\\"kurz\\\".\"},{\"role\":\"user\",\"content\":\"Wo?\"},{\"role\":\"assistant\",\"content\":\"Zürich 🏔\"}]}\n");
    assertThat(written(ExchangeFormat.BEDROCK_CONVERSATION, records))
        .isEqualTo(
            "{\"schemaVersion\":\"bedrock-conversation-2024\",\"system\":[{\"text\":\"Sei \\\"kurz\\\".\"}],\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Wo?\"}]},{\"role\":\"assistant\",\"content\":[{\"text\":\"Zürich 🏔\"}]}]}\n");
    assertThat(written(ExchangeFormat.SHAREGPT, records))
        .isEqualTo(
            "{\"conversations\":[{\"from\":\"system\",\"value\":\"Sei \\\"kurz\\\".\"},{\"from\":\"human\",\"value\":\"Wo?\"},{\"from\":\"gpt\",\"value\":\"Zürich 🏔\"}]}\n");
    assertThat(written(ExchangeFormat.ALPACA, records))
        .isEqualTo(
            "{\"instruction\":\"Wo?\",\"input\":\"\",\"output\":\"Zürich 🏔\",\"system\":\"Sei \\\"kurz\\\".\"}\n");
  }

  @Test
  void recordsThatAFormatHasNoPlaceForAreNamed() throws IOException {
    List<ExchangeRecord> records =
        records(
            List.of(QUESTION),
            List.of(QUESTION, QUESTION, ANSWER),
            List.of(QUESTION, SYSTEM, ANSWER),
            List.of(SYSTEM, SYSTEM, QUESTION, ANSWER),
            List.of(QUESTION, ANSWER));

    Exporter.Exported exported = Exporter.write(file, ExchangeFormat.ALPACA, records);

    assertThat(exported.written()).isEqualTo(1);
    assertThat(exported.rejected())
        .extracting(Rejected::toString)
        .containsExactly(
            "train.csv:1: does not end with an answer, so there is nothing to learn from it",
            "train.csv:2: has user as turn 2; alpaca needs questions and answers in turn, after instructions",
            "train.csv:3: has system as turn 2; alpaca needs questions and answers in turn, after instructions",
            "train.csv:4: has 2 instructions; alpaca has place for one");
  }

  @Test
  void answersThatNobodyShouldLearnFromAreNamed() throws IOException {
    List<ExchangeRecord> records = new ArrayList<>();
    for (Finish finish : Finish.values()) {
      Teacher teacher = new Teacher("m", "", finish, Usage.NONE, Optional.empty(), 0);
      Place place = new Place(Path.of("log"), records.size() + 1L);
      records.add(
          new ExchangeRecord(
              List.of(QUESTION, ANSWER), place, Optional.of(teacher), Optional.empty(), Map.of()));
    }
    records.addAll(records(List.of(QUESTION, ChatTurn.assistant(" \n"))));

    Exporter.Exported exported = Exporter.write(file, ExchangeFormat.OPENAI_CHAT, records);

    assertThat(exported.written()).isEqualTo(1);
    assertThat(Files.readAllLines(file)).hasSize(1);
    assertThat(exported.rejected())
        .extracting(Rejected::toString)
        .containsExactly(
            "log:2: was cut off at its limit of tokens",
            "log:3: has no answer: a filter kept it back",
            "log:4: has no answer: the model declined",
            "log:5: ended for another reason than its end",
            "train.csv:1: has an answer that says nothing");
  }

  @Test
  void withoutARowNoFileIsWritten() throws IOException {
    Exporter.Exported exported =
        Exporter.write(file, ExchangeFormat.OPENAI_CHAT, records(List.of(QUESTION)));

    assertThat(exported.rejected()).hasSize(1);
    assertThat(file).doesNotExist();
  }

  @Test
  void whatCannotBeWrittenIsRefused() {
    assertThatThrownBy(() -> Exporter.write(file, ExchangeFormat.BEDROCK_LOG, List.of()))
        .hasMessage(
            "bedrock-log can only be read; write openai-chat, bedrock-conversation, sharegpt or alpaca");
    assertThatThrownBy(
            () -> Exporter.write(Path.of("x.json"), ExchangeFormat.OPENAI_CHAT, List.of()))
        .hasMessage("x.json: openai-chat is read as JSON lines; name the file .jsonl");
    assertThatThrownBy(() -> Exporter.write(Path.of("x.csv"), ExchangeFormat.ALPACA, List.of()))
        .hasMessage("x.csv: alpaca is read as JSON lines or a list; name the file .jsonl or .json");
    assertThat(file).doesNotExist();
  }

  private String written(ExchangeFormat format, List<ExchangeRecord> records) throws IOException {
    Exporter.write(file, format, records);
    return Files.readString(file);
  }

  @SafeVarargs
  private static List<ExchangeRecord> records(List<ChatTurn>... conversations) {
    List<ExchangeRecord> records = new ArrayList<>();
    for (List<ChatTurn> turns : conversations) {
      records.add(ExchangeRecord.of(turns, new Place(Path.of("train.csv"), records.size() + 1L)));
    }
    return records;
  }
}
