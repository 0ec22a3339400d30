package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import dev.retort.api.RetryableApiException;
import dev.retort.api.ScriptedModel;
import dev.retort.catalog.RecipeException;
import dev.retort.chat.Conversations;
import dev.retort.ledger.BudgetSpentException;
import dev.retort.ledger.Dollars;
import dev.retort.synthesis.StepEstimate;
import dev.retort.synthesis.Syntheses;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whole syntheses: self-instruct, a filter, answers, a judge.
class GeneratingTest {

  private static final String SYNTHESIS =
      """
      name: tasks
      teacher:
        model: openai:https://api.test/v1#teacher
        price: {input: 1000000, output: 0}
        api: {concurrency: 2}
      seeds: {file: seeds.csv, columns: {prompt: question}}
      steps:
        - {use: self-instruct, count: 6, each: 3, shown: 2}
        - use: filter
          with: [{use: length, column: prompt, atLeast: 2}]
        - {use: answer}
        - {use: judge, atLeast: 6}
      out: made/rows.jsonl
      """;

  @TempDir Path folder;

  private final AtomicInteger sent = new AtomicInteger();
  private final StopSwitch stop = new StopSwitch();

  @BeforeEach
  void writeSeeds() throws IOException {
    Files.writeString(folder.resolve("seeds.csv"), "question\nBake bread.\nBrew tea.\nWash up.\n");
  }

  @Test
  void everyStepWorksOnTheRowsOfTheOneBefore() throws IOException {
    Generating.Outcome outcome = write(SYNTHESIS, GeneratingTest::script);

    List<JsonNode> rows = lines(folder.resolve("made/rows.jsonl"));
    assertThat(rows)
        .hasSize(2)
        .allSatisfy(row -> {
          assertThat(row.path("prompt").asString()).isEqualTo("Good task.");
          assertThat(row.path("completion").asString()).isEqualTo("Done.");
          assertThat(row.path("score").asDouble()).isEqualTo(9);
          assertThat(row.path("by").asString()).isEqualTo("openai:https://api.test/v1#teacher");
        });
    assertThat(rows.getFirst().path("origin").asString()).isEqualTo("self-instruct 1");
    assertThat(lines(folder.resolve("made/rows.dropped.jsonl")))
        .extracting(row -> row.path("step").asString() + " | " + row.path("reason").asString())
        .containsExactly(
            "steps[1].with[0] length | prompt has 1 words, fewer than 2",
            "steps[1].with[0] length | prompt has 1 words, fewer than 2",
            "steps[3] judge | its score is 2.0, below 6.0",
            "steps[3] judge | its score is 2.0, below 6.0");
    // Two requests for tasks, and one each for the two different tasks of every later step.
    assertThat(outcome.paid()).isEqualTo(Dollars.of("6"));
    assertThat(outcome.kept()).isEqualTo(2);
    assertThat(Files.readString(outcome.report()))
        .contains("2 rows are kept, 4 were dropped on the way; $6.00 paid in all.")
        .contains("steps[3] judge: 2 of 2")
        .contains("its score is 2.0, below 6.0");
  }

  @Test
  void whatWasAnsweredIsNotAskedAgain() throws IOException {
    write(SYNTHESIS, GeneratingTest::script);
    int first = sent.get();
    byte[] rows = Files.readAllBytes(folder.resolve("made/rows.jsonl"));

    write(SYNTHESIS, GeneratingTest::script);

    assertThat(sent.get()).isEqualTo(first);
    assertThat(Files.readAllBytes(folder.resolve("made/rows.jsonl"))).isEqualTo(rows);
  }

  @Test
  void aBudgetThatCannotPayTheNextRequestEndsIt() throws IOException {
    assertThatThrownBy(() -> write(SYNTHESIS, GeneratingTest::script, Optional.of(Dollars.of("3"))))
        .isInstanceOf(BudgetSpentException.class);
    assertThat(folder.resolve("made")).doesNotExist();
  }

  @Test
  void anApiThatFailsForNowLeavesNoHalfFile() {
    assertThatThrownBy(() ->
            write(
                SYNTHESIS,
                _ -> {
                  throw new RetryableApiException("503", Optional.empty());
                }))
        .isInstanceOf(RetryableApiException.class)
        .hasMessageContaining("steps[0] self-instruct: 2 requests have no answer yet");
    assertThat(folder.resolve("made")).doesNotExist();
  }

  @Test
  void aStopEndsIt() {
    assertThatThrownBy(() ->
            write(
                SYNTHESIS,
                request -> {
                  stop.stop(TrainResult.End.INTERRUPTED);
                  return script(request);
                }))
        .isInstanceOf(RunInterruptedException.class);
    assertThat(folder.resolve("made")).doesNotExist();
  }

  @Test
  void anEstimateGoesAsFarAsTheLedgerKnows() throws IOException {
    List<StepEstimate> before = estimate(SYNTHESIS);
    write(SYNTHESIS, GeneratingTest::script);
    List<StepEstimate> after = estimate(SYNTHESIS);

    assertThat(before)
        .extracting(StepEstimate::step)
        .containsExactly("steps[0] self-instruct", "steps[2] answer", "steps[3] judge");
    assertThat(before).extracting(one -> one.known().asked()).containsExactly(2L, 0L, 0L);
    assertThat(before).extracting(StepEstimate::further).containsExactly(0L, 6L, 6L);
    assertThat(after).extracting(one -> one.known().asked()).containsExactly(0L, 0L, 0L);
    assertThat(after).extracting(StepEstimate::further).containsExactly(0L, 0L, 0L);
    assertThat(before.getLast().toString())
        .startsWith("steps[3] judge: at most 6 requests about texts that do not exist yet");
  }

  @Test
  void columnsThatNoStepMakesAreAllNamedBeforeAnythingIsAsked() {
    String wrong =
        SYNTHESIS
            .replace("{use: answer}", "{use: answer, input: promt}")
            .replace("{use: judge, atLeast: 6}", "{use: judge, output: answer}");

    assertThatThrownBy(() -> write(wrong, GeneratingTest::script))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("steps[2].input: there is no column 'promt' here")
        .hasMessageContaining("did you")
        .hasMessageContaining("steps[3].output: there is no column 'answer' here");
    assertThat(sent.get()).isZero();
  }

  @Test
  void preferencesAreRowsThatTrainingReads() throws IOException {
    String synthesis =
        SYNTHESIS.substring(0, SYNTHESIS.indexOf("  - {use: self"))
            + "  - {use: preference}\nout: pairs.jsonl\n";

    write(synthesis, GeneratingTest::preferring);

    assertThat(lines(folder.resolve("pairs.jsonl")))
        .hasSize(3)
        .allSatisfy(row -> {
          assertThat(Conversations.answer(row, "chosen").messages()).hasSize(2);
          assertThat(row.path("chosen").asString()).isEqualTo("good");
          assertThat(row.path("rejected").asString()).isEqualTo("bad");
        });
  }

  private Generating.Outcome write(String synthesis, Function<ChatRequest, ChatAnswer> script)
      throws IOException {
    return write(synthesis, script, Optional.empty());
  }

  private Generating.Outcome write(
      String synthesis, Function<ChatRequest, ChatAnswer> script, Optional<Dollars> budget)
      throws IOException {
    Path file = Files.writeString(folder.resolve("tasks.yaml"), synthesis);
    return new Generating(context(script, budget)).write(Syntheses.read(file, List.of()), file);
  }

  private List<StepEstimate> estimate(String synthesis) throws IOException {
    Path file = Files.writeString(folder.resolve("tasks.yaml"), synthesis);
    return new Generating(context(GeneratingTest::script, Optional.empty()))
        .estimate(Syntheses.read(file, List.of()), file);
  }

  private RunContext context(Function<ChatRequest, ChatAnswer> script, Optional<Dollars> budget) {
    return new RunContext(
        Models.fromEnvironment(Map.of("HF_HUB_OFFLINE", "1"), folder),
        new Workspace(folder.resolve("home")),
        new RunListener() {},
        stop,
        new Apis(
            (address, _) ->
                new ScriptedModel(
                    address.text(),
                    request -> {
                      sent.incrementAndGet();
                      return script.apply(request);
                    }),
            budget));
  }

  private static ChatAnswer script(ChatRequest request) {
    String instructions = request.turns().getFirst().text();
    String question = request.turns().getLast().text();
    if (instructions.contains("numbered list")) {
      return says("1. Good task.\n2. Bad task.\n3. Task.");
    }
    if (instructions.startsWith("You score")) {
      return says("Look.\nScore: " + (question.contains("Good") ? 9 : 2));
    }
    return says("Done.");
  }

  private static ChatAnswer preferring(ChatRequest request) {
    String question = request.turns().getLast().text();
    return request.turns().size() == 1
        ? says(request.sample() == 0 ? "bad" : "good")
        : says(
            "See.\nVerdict: " + (question.indexOf("good") < question.indexOf("bad") ? "A" : "B"));
  }

  private static ChatAnswer says(String text) {
    return new ChatAnswer(text, Finish.STOP, new Usage(1, 0, 1), "teacher", "", List.of());
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(JsonMapper.shared()::readTree).toList();
  }
}
