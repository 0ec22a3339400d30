package dev.retort.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.api.ChatTurn;
import dev.retort.app.Shell.Result;
import dev.retort.app.exit.ExitCode;
import dev.retort.exchange.ExchangeFormat;
import dev.retort.exchange.ExchangeRecord;
import dev.retort.exchange.Imported;
import dev.retort.exchange.Importer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// `retort convert`: every format that is read into every one that is written.
class ConvertCommandTest {

  private static final List<ChatTurn> CONVERSATION =
      List.of(
          ChatTurn.system("Be \"brief\"."),
          ChatTurn.user("Where?\nNow."),
          ChatTurn.assistant("Zürich 🏔"));

  private static final String MESSAGES =
      "[{\"role\":\"system\",\"content\":\"Be \\\"brief\\\".\"},{\"role\":\"user\",\"content\":\"Where?\\nNow.\"}";
  private static final String ANSWER = "{\"role\":\"assistant\",\"content\":\"Zürich 🏔\"}";
  private static final String COMPLETION =
      "\"model\":\"big-1\",\"id\":\"c1\",\"choices\":[{\"message\":%s,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3}"
          .formatted(ANSWER);
  private static final String BLOCKS =
      "\"system\":[{\"text\":\"Be \\\"brief\\\".\"}],\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Where?\\nNow.\"}]}";
  private static final String ANSWER_BLOCK =
      "{\"role\":\"assistant\",\"content\":[{\"text\":\"Zürich 🏔\"}]}";
  private static final String MODEL = "openai:http://localhost:1/v1#big";

  @TempDir Path folder;

  static Stream<Arguments> pairs() {
    return Stream.of(ExchangeFormat.values())
        .flatMap(from ->
            Stream.of(ExchangeFormat.values())
                .filter(ExchangeFormat::isWritten)
                .map(to -> Arguments.of(from, to)));
  }

  /// The conversation as other systems write it.
  private static String row(ExchangeFormat format) {
    return switch (format) {
      case OPENAI_CHAT -> "{\"messages\":%s,%s]}".formatted(MESSAGES, ANSWER);
      case OPENAI_STORED -> "{%s,\"messages\":%s]}".formatted(COMPLETION, MESSAGES);
      case OPENAI_BATCH ->
          "{\"custom_id\":\"q1\",\"response\":{\"status_code\":200,\"body\":{%s}},\"error\":null}"
              .formatted(COMPLETION);
      case BEDROCK_LOG ->
          "{\"operation\":\"Converse\",\"modelId\":\"big-1\",\"requestId\":\"r1\",\"input\":{\"inputBodyJson\":{%s]}},\"output\":{\"outputBodyJson\":{\"output\":{\"message\":%s},\"stopReason\":\"end_turn\"}}}"
              .formatted(BLOCKS, ANSWER_BLOCK);
      case BEDROCK_CONVERSATION ->
          "{\"schemaVersion\":\"bedrock-conversation-2024\",%s,%s]}"
              .formatted(BLOCKS, ANSWER_BLOCK);
      case SHAREGPT ->
          "{\"system\":\"Be \\\"brief\\\".\",\"conversations\":[{\"from\":\"human\",\"value\":\"Where?\\nNow.\"},{\"from\":\"gpt\",\"value\":\"Zürich 🏔\"}]}";
      case ALPACA ->
          "{\"system\":\"Be \\\"brief\\\".\",\"instruction\":\"Where?\\nNow.\",\"input\":\"\",\"output\":\"Zürich 🏔\"}";
    };
  }

  /// What a batch was asked.
  private static final String ASKED =
      "{\"custom_id\":\"q1\",\"method\":\"POST\",\"body\":{\"messages\":%s]}}\n"
          .formatted(MESSAGES);

  @ParameterizedTest
  @MethodSource("pairs")
  void everyFormatThatIsReadBecomesEveryFormatThatIsWritten(ExchangeFormat from, ExchangeFormat to)
      throws IOException {
    Path input = file("input.jsonl", row(from) + "\n");
    List<Object> words = new ArrayList<>(List.of(input, "--to", to, "--out", path("out.jsonl")));
    if (from == ExchangeFormat.OPENAI_BATCH) {
      words.addAll(List.of("--batch-input", file("asked.jsonl", ASKED)));
    }

    Result result = convert(words.toArray());

    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isEqualTo(ExitCode.OK);
    assertThat(result.out()).isEqualTo("1 conversation is in %s\n".formatted(path("out.jsonl")));
    Imported written = Importer.read(path("out.jsonl"));
    assertThat(written.format()).isEqualTo(to);
    assertThat(written.rejected()).isEmpty();
    assertThat(written.records()).extracting(ExchangeRecord::turns).containsExactly(CONVERSATION);
    assertThat(path("out.rejected.jsonl")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENAI_STORED", "OPENAI_BATCH", "BEDROCK_LOG"})
  void answersGoThroughTheLedger(ExchangeFormat from) throws IOException {
    Path input = file("log.jsonl", row(from) + "\n");
    List<Object> words = new ArrayList<>(List.of(input, "--from", from));
    if (from == ExchangeFormat.OPENAI_BATCH) {
      words.addAll(List.of("--batch-input", file("asked.jsonl", ASKED)));
    }
    words.addAll(List.of("--to", "ledger", "--name", "logs", "--model", MODEL));

    assertThat(convert(words.toArray()).out())
        .isEqualTo("1 answers are new in the ledger, and 0 were there already\n");
    assertThat(convert(words.toArray()).out())
        .isEqualTo("0 answers are new in the ledger, and 1 were there already\n");
    for (ExchangeFormat to : ExchangeFormat.values()) {
      if (to.isWritten()) {
        Path out = path(to + ".jsonl");
        Result result = convert("--from", "ledger", "--name", "logs", "--to", to, "--out", out);
        assertThat(result.out()).isEqualTo("1 conversation is in %s\n".formatted(out));
        assertThat(Importer.read(out).records())
            .extracting(ExchangeRecord::turns)
            .containsExactly(CONVERSATION);
      }
    }
  }

  @Test
  void aRecipeReadsWhatIsWrittenAndAsksNothingThatWasPaidForElsewhere() throws IOException {
    Path log = log();
    Path train = path("train.jsonl");
    convert(log, "--out", train);
    Path recipe =
        file(
            "recipe.yaml",
            """
            name: asked
            task: generation
            teacher: {model: '%s', price: {input: 10, output: 20}}
            data: {train: train.jsonl, test: 25%%, validation: 25%%, rows: conversations,
                   leakage: warn}
            """
                .formatted(MODEL));
    assertThat(label(recipe)).contains("3 requests, 0 of them known");

    convert(log, "--to", "ledger", "--name", "logs", "--model", MODEL, "--max-tokens", 64);

    assertThat(label(recipe)).contains("3 requests, 0 of them known");
    assertThat(label(recipe, "--max-tokens", 64)).contains("3 requests, 3 of them known; 0 would");
  }

  @Test
  void whatIsRejectedIsCountedShownAndKept() throws IOException {
    String tools = "{\"messages\":[{\"role\":\"tool\",\"content\":\"3\"}]}\n";
    Path good = file("good.jsonl", row(ExchangeFormat.SHAREGPT) + "\n{\"conversations\":[]}\n");
    Path cut =
        file("cut.jsonl", row(ExchangeFormat.OPENAI_CHAT) + "\n" + tools + tools + "{\"mess");

    Result result = convert(good, cut, "--out", path("train.jsonl"));

    assertThat(result.code()).isEqualTo(ExitCode.OK);
    assertThat(result.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("2 conversations are in " + path("train.jsonl")),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "4 rows are in %s, rejected:".formatted(path("train.rejected.jsonl"))),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "  %s:2: conversations must be a list that is not empty, but is []", good),
            line -> assertThat(line).startsWith("  " + cut + ":2: messages[0].role must be"),
            line -> assertThat(line).startsWith("  " + cut + ":3: messages[0].role must be"));
    assertThat(Files.readAllLines(path("train.rejected.jsonl")))
        .hasSize(4)
        .last()
        .satisfies(line -> {
          assertThat(JsonMapper.shared().readTree(line).path("origin").asString())
              .isEqualTo(cut + ":4");
          assertThat(JsonMapper.shared().readTree(line).path("reason").asString())
              .startsWith("is no JSON (column ");
        });
  }

  @Test
  void whereNothingCanBeTakenNothingIsWritten() throws IOException {
    Path output = file("output.jsonl", (row(ExchangeFormat.OPENAI_BATCH) + "\n").repeat(4));

    Result result = convert(output, "--out", path("train.jsonl"));

    assertThat(result.code()).isEqualTo(ExitCode.DATA);
    assertThat(result.err().lines())
        .hasSize(5)
        .startsWith("retort: the data cannot be used")
        .contains(
            "  %s:3: error: the output of a batch lacks what was asked; give the input file of the batch too"
                .formatted(output))
        .endsWith("  error: none of 4 rows can be taken");
    assertThat(folder).isDirectoryNotContaining("glob:**/train*");
  }

  @Test
  void filesThatExistStayAsTheyAre() throws IOException {
    Path input = file("input.jsonl", row(ExchangeFormat.ALPACA) + "\n[1]\n");
    Path out = file("out.jsonl", "mine\n");
    Path apart = file("new.rejected.jsonl", "mine\n");

    for (String name : List.of("out.jsonl", "new.jsonl")) {
      Result result = convert(input, "--out", path(name));
      assertThat(result.code()).isEqualTo(ExitCode.DATA);
      assertThat(result.err()).endsWith("jsonl: is in the way; move or delete it\n");
    }

    assertThat(out).hasContent("mine");
    assertThat(apart).hasContent("mine");
    assertThat(path("new.jsonl")).doesNotExist();
  }

  @Test
  void anAnswerOfWhoKnowsWhomIsNotPutIntoTheLedger() throws IOException {
    Path chat = file("chat.jsonl", row(ExchangeFormat.OPENAI_CHAT) + "\n");

    Result result = convert(chat, "--to", "ledger", "--name", "logs", "--model", MODEL);

    assertThat(result.code()).isEqualTo(ExitCode.DATA);
    assertThat(result.err()).contains(chat + ":1: error: does not say which model answered");
  }

  @Test
  void theLedgerIsReadByName() throws IOException {
    Path out = path("out.jsonl");
    Result before = convert("--from", "ledger", "--out", out);
    convert(log(), "--to", "ledger", "--name", "banking", "--model", MODEL);
    Result other = convert("--from", "ledger", "--name", "bankng", "--out", out);

    assertThat(before.code()).isEqualTo(ExitCode.DATA);
    assertThat(before.err()).contains("ledger.sqlite: there is no such file");
    assertThat(other.code()).isEqualTo(ExitCode.DATA);
    assertThat(other.err())
        .contains("no answers under the name 'bankng'; the names are [banking]")
        .contains("did you mean 'banking'?");
    assertThat(convert("--from", "ledger", "--out", out).out()).startsWith("4 conversations");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          a | --out FILE is missing
          --out o.jsonl | INPUT is missing: name files to read
          a --out o.csv | --out o.csv: openai-chat is read as JSON lines; name the file .jsonl
          a --out o.jsonl --name x | --name is for --from ledger or --to ledger
          a --out o.jsonl --licence x | --model, --answered-by and --licence are for --to ledger
          a --from alpaca --batch-input b --out o.jsonl | --batch-input is for --from openai-batch
          a --to ledger --name x | --to ledger needs --model ADDRESS too
          a --to ledger --model m:x | --to ledger needs --name NAME too
          a --to ledger --name x --model gpt | --to ledger: API address 'gpt' names no kind of API
          a --to ledger --out o.jsonl | --out is for files
          --from ledger --to ledger | --from ledger --to ledger: the answers are there already
          a --from ledger --out o.jsonl | --from ledger reads the ledger in RETORT_HOME
          """)
  void slipsAreExplained(String words, String message) {
    Result result = convert((Object[]) words.split(" "));

    assertThat(result.err()).startsWith("retort: " + message);
    assertThat(result.code()).isEqualTo(ExitCode.RECIPE);
  }

  @Test
  void formatsAreNamedAndTheNearestIsGuessed() {
    String written = "openai-chat, bedrock-conversation, sharegpt, alpaca, ledger";
    Path out = path("o.jsonl");

    assertThat(convert("a", "--out", out, "--to", "shargpt").err())
        .isEqualTo(
            "retort: --to shargpt: there are %s; did you mean 'sharegpt'?\n".formatted(written));
    assertThat(convert("a", "--out", out, "--to", "bedrock-log").err())
        .isEqualTo("retort: --to bedrock-log: there are %s\n".formatted(written));
    assertThat(convert("a", "--out", out, "--from", "bedrok-log"))
        .satisfies(result -> {
          assertThat(result.code()).isEqualTo(ExitCode.RECIPE);
          assertThat(result.err()).contains("openai-batch").endsWith("'bedrock-log'?\n");
        });
  }

  @Test
  void aFileThatIsMissingOrAFolderIsNamed() {
    assertThat(convert(path("none"), "--out", path("o.jsonl")).err())
        .startsWith("retort: " + path("none") + ": there is no such file");
    assertThat(convert(folder, "--out", path("o.jsonl")).err())
        .startsWith("retort: " + folder + ": is a folder; name the files in it");
  }

  /// Four different questions with the same answer.
  private Path log() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      rows.append(row(ExchangeFormat.OPENAI_STORED).replace("Now.", "Now " + i)).append('\n');
    }
    return file("log.jsonl", rows.toString());
  }

  private String label(Path recipe, Object... options) {
    Result result =
        new Shell(folder)
            .retort(
                Stream.concat(Stream.of("label", recipe, "--dry-run"), Stream.of(options))
                    .toArray());
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
    return result.out();
  }

  private Result convert(Object... words) {
    return new Shell(folder)
        .retort(Stream.concat(Stream.of("convert"), Stream.of(words)).toArray());
  }

  private Path path(String name) {
    return folder.resolve(name);
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(path(name), content);
  }
}
