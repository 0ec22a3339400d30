package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import dev.retort.api.ScriptedModel;
import dev.retort.api.client.ApiBatches;
import dev.retort.batch.FakeBatches;
import dev.retort.ledger.BudgetSpentException;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Entry;
import dev.retort.ledger.Ledger;
import dev.retort.synthesis.StepEstimate;
import dev.retort.synthesis.Syntheses;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a synthesis pays for and tells: budgets that are raised, texts that stay here, batches.
///
/// Three seeds are evolved twice, which takes two waves of requests; the six prompts that come of
/// it are answered and judged. Every answer costs a dollar, and half of it in a batch.
class PaidGenerationTest {

  private static final int REQUESTS = 3 + 3 + 6 + 6;

  private static final String REDACT = "redact: {restore: true}";
  private static final String BATCH = "batch: {pollSeconds: 0.01}";

  @TempDir Path folder;

  private final Queue<ChatRequest> asked = new ConcurrentLinkedQueue<>();
  private final List<String> notes = new ArrayList<>();
  private StopSwitch stop = new StopSwitch();
  private Runnable atPhase = () -> {};
  private FakeBatches batches;

  @BeforeEach
  void writeSeeds() throws IOException {
    batches = new FakeBatches();
    batches.saying(question -> script(question).replace("\n", "\\n"));
    Files.writeString(
        folder.resolve("seeds.csv"),
        "prompt\nBake bread.\nWrite to bob@example.org and jane@example.org.\nWash up.\n");
  }

  @AfterEach
  void closeBatches() {
    batches.close();
  }

  /// An answer may cost 2 dollars, so that of 15 dollars 14 can be spent.
  @Test
  void aBudgetThatIsSpentMidwayAndRaisedAsksOnlyWhatIsMissing() throws IOException {
    assertThatThrownBy(() -> write("home", budget(15), ""))
        .isInstanceOf(BudgetSpentException.class);
    assertThat(asked).hasSize(14);
    assertThat(entries("home")).hasSize(14);
    assertThat(paid("home")).isEqualTo(Dollars.of("14"));
    assertThat(folder.resolve("rows.jsonl")).doesNotExist();

    Generating.Outcome outcome = write("home", budget(50), "");

    assertThat(asked).hasSize(REQUESTS).doesNotHaveDuplicates();
    assertThat(outcome.paid()).isEqualTo(Dollars.of("18"));
    assertThat(Files.readString(outcome.report())).contains("<td>$4.00</td>");
    List<String> rows = rows();
    write("another home", budget(50), "");
    assertThat(rows).hasSize(6).isEqualTo(rows());
  }

  @Test
  void whatIsRedactedStaysHereAndIsRestoredInRows() throws IOException {
    Generating.Outcome outcome = write("home", Optional.empty(), REDACT);

    assertThat(asked)
        .hasSize(REQUESTS)
        .allSatisfy(request -> assertThat(request.toString()).doesNotContain("example.org"))
        .anySatisfy(request ->
            assertThat(request.toString()).contains("Write to [EMAIL_1] and [EMAIL_2]."));
    assertThat(rows())
        .filteredOn(row -> row.contains("Done: Write to jane@example.org. More. More."))
        .hasSize(1);
    // Both addresses once; then Jane's, who has become the first, with its answers and scores.
    String replaced = "teacher.redact: replaced before asking: 9 × EMAIL in 6 requests";
    assertThat(notes).anySatisfy(note -> assertThat(note).contains(replaced));
    assertThat(Files.readString(outcome.report())).contains(replaced);
    assertThat(estimate("home", REDACT))
        .extracting(step -> step.known().known())
        .containsExactly(6L, 6L, 6L);
    assertThat(estimate("home", REDACT))
        .allSatisfy(step -> assertThat(step.known().asked() + step.further()).isZero());
  }

  @Test
  void placeholdersStayWhereNothingIsRestored() throws IOException {
    write("home", Optional.empty(), "redact: {}");

    assertThat(rows())
        .anySatisfy(row -> assertThat(row).contains("Done: Write to [EMAIL_2]. More."));
    assertThat(rows()).noneMatch(row -> row.contains("example.org"));
  }

  @Test
  void batchesGiveTheSameRowsForTheirPrice() throws IOException {
    String batched = REDACT + "\n  " + BATCH;
    assertThat(estimate("home", "").getFirst().known().most()).isEqualTo(Dollars.of("6"));
    assertThat(estimate("home", batched).getFirst().known().most()).isEqualTo(Dollars.of("3"));
    assertThat(estimate("home", batched).getLast().furtherOutput()).isEqualTo(Dollars.of("6"));
    Generating.Outcome outcome = write("home", Optional.empty(), batched);
    List<String> rows = rows();

    assertThat(asked).isEmpty();
    assertThat(batches.count("POST /batches")).isEqualTo(4);
    assertThat(outcome.paid()).isEqualTo(Dollars.of("9"));
    assertThat(Files.readString(outcome.report()))
        .contains("<td>18</td>", "9 × EMAIL in 6 requests");
    write("home", Optional.empty(), batched);
    assertThat(batches.count("POST /batches")).isEqualTo(4);
    write("another home", Optional.empty(), REDACT);
    assertThat(asked).hasSize(REQUESTS);
    assertThat(rows).hasSize(6).isEqualTo(rows());
  }

  @Test
  void aBatchThatNobodyWaitedForIsTakenUp() throws IOException {
    atPhase = () -> stop.stop(TrainResult.End.INTERRUPTED);
    assertThatThrownBy(() -> write("home", Optional.empty(), BATCH))
        .isInstanceOf(RunInterruptedException.class);
    assertThat(batches.count("POST /batches")).isEqualTo(1);

    atPhase = () -> {};
    stop = new StopSwitch();
    write("home", Optional.empty(), BATCH);

    assertThat(batches.count("POST /batches")).isEqualTo(4);
    assertThat(asked).isEmpty();
    assertThat(rows()).hasSize(6);
  }

  /// Two waves of three cost 3 dollars, and the first answer half of one: the second may cost a
  /// whole one in a batch, and two by itself.
  @Test
  void batchesAndSingleRequestsSpendOneBudget() throws IOException {
    assertThatThrownBy(() -> write("home", budget(4), BATCH))
        .isInstanceOf(BudgetSpentException.class);

    assertThat(asked).isEmpty();
    assertThat(paid("home")).isEqualTo(Dollars.of("3.5"));
  }

  private static Optional<Dollars> budget(int dollars) {
    return Optional.of(Dollars.of(String.valueOf(dollars)));
  }

  private Generating.Outcome write(String home, Optional<Dollars> budget, String settings)
      throws IOException {
    Path file = synthesis(settings);
    return new Generating(context(home, budget)).write(Syntheses.read(file, List.of()), file);
  }

  private List<StepEstimate> estimate(String home, String settings) throws IOException {
    Path file = synthesis(settings);
    return new Generating(context(home, Optional.empty()))
        .estimate(Syntheses.read(file, List.of()), file);
  }

  private Path synthesis(String settings) throws IOException {
    return Files.writeString(
        folder.resolve("tasks.yaml"),
        """
        name: tasks
        teacher:
          model: openai:%s#teacher
          price: {input: 0, output: 10000, batchShare: 0.5}
          api: {concurrency: 2, key: BATCH_KEY}
          %s
        seeds: {file: seeds.csv}
        steps:
          - {use: evolve, rounds: 2, maxTokens: 200}
          - {use: answer, maxTokens: 200}
          - {use: judge, maxTokens: 200}
        out: rows.jsonl
        """
            .formatted(batches.url(), settings));
  }

  private RunContext context(String home, Optional<Dollars> budget) {
    RunListener listener =
        new RunListener() {
          @Override
          public void phaseStarted(String phase, long total, String unit) {
            atPhase.run();
          }

          @Override
          public void noted(String message) {
            notes.add(message);
          }
        };
    return new RunContext(
        Models.fromEnvironment(Map.of("HF_HUB_OFFLINE", "1"), folder),
        new Workspace(folder.resolve(home)),
        listener,
        stop,
        new Apis(
            (address, _) -> new ScriptedModel(address.text(), asked, PaidGenerationTest::answer),
            (address, settings) ->
                ApiBatches.open(address, settings, _ -> Optional.of(FakeBatches.KEY)),
            budget));
  }

  private static ChatAnswer answer(ChatRequest request) {
    String text = script(ScriptedModel.question(request));
    return new ChatAnswer(text, Finish.STOP, new Usage(1000, 0, 100), "teacher", "", List.of());
  }

  private static String script(String question) {
    if (question.contains("### Answer")) {
      return "Look.\nScore: 9";
    }
    return question.startsWith("### Prompt")
        ? question
                .substring("### Prompt".length())
                .strip()
                .replace("[EMAIL_1] and [EMAIL_2]", "[EMAIL_2]")
            + " More."
        : "Done: " + question;
  }

  private List<String> rows() throws IOException {
    return Files.readAllLines(folder.resolve("rows.jsonl"));
  }

  private List<Entry> entries(String home) {
    List<Entry> entries = new ArrayList<>();
    try (Ledger ledger = ledger(home)) {
      ledger.forEach(entries::add);
    }
    return entries;
  }

  private Dollars paid(String home) {
    try (Ledger ledger = ledger(home)) {
      return ledger.paid("tasks");
    }
  }

  private Ledger ledger(String home) {
    return Ledger.open(new Workspace(folder.resolve(home)).ledger());
  }
}
