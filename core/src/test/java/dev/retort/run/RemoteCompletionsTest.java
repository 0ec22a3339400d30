package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatTurn;
import dev.retort.api.PermanentApiException;
import dev.retort.api.RetryableApiException;
import dev.retort.api.ScriptedModel;
import dev.retort.data.DataException;
import dev.retort.data.Finding;
import dev.retort.hub.Progress;
import dev.retort.ledger.BudgetSpentException;
import dev.retort.ledger.Dollars;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.PromptsPlan;
import dev.retort.recipe.Recipe;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainResult;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Prompts that a model behind an API completes for a student to learn.
class RemoteCompletionsTest {

  private static final int PROMPTS = 40;

  @TempDir private Path root;
  private final Queue<ChatRequest> asked = new ConcurrentLinkedQueue<>();
  private final List<String> notes = new ArrayList<>();
  private final StopSwitch stop = new StopSwitch();
  private TinyLanguageRun tiny;

  @BeforeEach
  void writeData() throws IOException {
    tiny = TinyLanguageRun.in(root);
    StringBuilder csv = new StringBuilder("prompt,completion\n");
    for (int i = 0; i < PROMPTS; i++) {
      csv.append("say ").append(i).append(",\n");
    }
    Files.writeString(root.resolve("train.csv"), csv);
    Files.writeString(
        root.resolve("recipe.yaml"),
        """
        name: asked
        task: generation
        teacher: {model: 'openai:http://localhost:1/v1#big', price: {input: 10, output: 20}}
        data: {train: train.csv, test: 10%, validation: 10%, text: prompt, leakage: warn}
        """);
  }

  private static ChatAnswer answer(String text, Finish finish) {
    return new ChatAnswer(text, finish, new Usage(100, 0, 2), "big-1", "id", List.of());
  }

  private static ChatAnswer echo(ChatRequest request) {
    return answer(request.turns().getLast().text().replace("say", "said"), Finish.STOP);
  }

  private RunContext context(ScriptedModel.Script script, Optional<Dollars> budget) {
    Apis apis = new Apis((address, _) -> new ScriptedModel(address.text(), asked, script), budget);
    return TinyRun.remote(tiny.context(TinyRun.noting(notes), stop), apis);
  }

  private SequenceLabelling.Outcome write(
      ScriptedModel.Script script, String file, String... overrides) throws IOException {
    return new SequenceLabelling(context(script, Optional.empty()), WritingSettings.DEFAULT)
        .write(tiny.recipe(overrides), root, root.resolve(file));
  }

  private List<JsonNode> rows(String file) throws IOException {
    return Files.readAllLines(root.resolve(file)).stream()
        .map(JsonMapper.shared()::readTree)
        .toList();
  }

  /// A tenth is the test's, about which nobody is asked.
  private static final int ASKED = 36;

  @Test
  void promptsAreCompletedInOrderAndSayByWhom() throws IOException {
    SequenceLabelling.Outcome outcome = write(RemoteCompletionsTest::echo, "written.jsonl");

    assertThat(outcome.kept()).isEqualTo(ASKED);
    assertThat(outcome.leftOut()).isZero();
    assertThat(rows("written.jsonl"))
        .hasSize(ASKED)
        .allSatisfy(row -> {
          assertThat(row.path("completion").asString())
              .isEqualTo(row.path("prompt").asString().replace("say", "said"));
          assertThat(row.path("ended").asBoolean()).isTrue();
          assertThat(row.at("/by/teacher").asString()).endsWith("#big");
        });
    assertThat(asked)
        .hasSize(ASKED)
        .allMatch(request -> request.turns().size() == 1)
        .allMatch(request -> request.decoding().maxTokens() == 256);
  }

  @Test
  void cutRefusedAndEmptyAnswersLieApartWithTheirReasons() throws IOException {
    ScriptedModel.Script script =
        request ->
            switch (request.turns().getLast().text()) {
              case "say 3", "say 4", "say 5" -> answer("said thr", Finish.LENGTH);
              case "say 6", "say 7", "say 8" -> answer("No.", Finish.REFUSED);
              case "say 9", "say 10", "say 11" -> answer(" ", Finish.STOP);
              case "say 12", "say 13", "say 14" ->
                  throw new PermanentApiException(
                      "too offensive", PermanentApiException.Scope.REQUEST);
              default -> echo(request);
            };
    SequenceLabelling.Outcome outcome = write(script, "written.jsonl");

    assertThat(outcome.kept() + outcome.leftOut()).isEqualTo(ASKED);
    Set<String> reasons = new TreeSet<>();
    rows("written.left-out.jsonl").forEach(row -> reasons.add(row.path("reason").asString()));
    assertThat(reasons)
        .containsExactly(
            "cut off after 256 tokens", "says nothing", "the model declined", "too offensive");
    assertThat(rows("written.jsonl")).noneMatch(row -> row.has("reason"));
    int before = asked.size();
    write(script, "written.jsonl");
    assertThat(asked).hasSize(before);
  }

  @Test
  void theFileIsMadeAgainFromTheLedger() throws IOException {
    write(RemoteCompletionsTest::echo, "written.jsonl");
    write(RemoteCompletionsTest::echo, "again.jsonl");

    assertThat(asked).hasSize(ASKED);
    assertThat(root.resolve("again.jsonl")).hasSameTextualContentAs(root.resolve("written.jsonl"));
  }

  @Test
  void aStopAndFailuresForNowLoseNothing() throws IOException {
    ScriptedModel.Script stopping =
        request -> {
          if (asked.size() == 10) {
            stop.stop(TrainResult.End.INTERRUPTED);
          }
          return echo(request);
        };
    assertThatThrownBy(() -> write(stopping, "written.jsonl"))
        .isInstanceOf(RunInterruptedException.class);
    int first = rows("written.jsonl").size();
    assertThat(first).isBetween(10, 30);

    Queue<ChatRequest> before = new ConcurrentLinkedQueue<>(asked);
    StopSwitch unused = new StopSwitch();
    ScriptedModel.Script busy =
        request -> {
          throw new RetryableApiException("the server is busy", Optional.empty());
        };
    assertThatThrownBy(() ->
            new RemoteCompletions(context(busy, unused), WritingSettings.DEFAULT)
                .write(tiny.recipe(), root, root.resolve("written.jsonl")))
        .isInstanceOf(RetryableApiException.class)
        .hasMessageContaining("teacher: %d requests have no answer yet".formatted(ASKED - first))
        .hasMessageContaining("the server is busy");

    new RemoteCompletions(context(RemoteCompletionsTest::echo, unused), WritingSettings.DEFAULT)
        .write(tiny.recipe(), root, root.resolve("written.jsonl"));
    assertThat(rows("written.jsonl")).hasSize(ASKED);
    assertThat(before).hasSize(first);
  }

  private RunContext context(ScriptedModel.Script script, StopSwitch other) {
    RunContext one = context(script, Optional.empty());
    return new RunContext(one.models(), one.workspace(), one.listener(), other, one.apis());
  }

  /// Each answer costs 100 · 10 + 2 · 20 = 1,040 millionths of a dollar, and is reserved for more.
  @Test
  void theBudgetHoldsAndTheEstimateKnowsWhatWasPaid() throws IOException {
    Optional<Dollars> budget = Optional.of(Dollars.of(new BigDecimal("0.02")));
    SequenceLabelling labelling =
        new SequenceLabelling(
            context(RemoteCompletionsTest::echo, budget), WritingSettings.DEFAULT);
    assertThatThrownBy(() -> labelling.write(tiny.recipe(), root, root.resolve("written.jsonl")))
        .isInstanceOf(BudgetSpentException.class);
    assertThat(asked.size()).isBetween(1, 19);

    RunContext context = context(RemoteCompletionsTest::echo, Optional.empty());
    int known = asked.size();
    assertThat(
            new RemoteCompletions(context, WritingSettings.DEFAULT)
                .estimate(tiny.recipe(), root)
                .asked())
        .isEqualTo(ASKED - known);
    assertThat(asked).hasSize(known);
  }

  @Test
  void conversationsAndInstructionsAreAskedAsTurns() throws IOException {
    Files.writeString(root.resolve("chats.jsonl"), TinyLanguageRun.conversations(30, 1));
    write(
        request -> answer("good day", Finish.STOP),
        "written.jsonl",
        "data={train: chats.jsonl, test: 20%, validation: 20%, rows: conversations, leakage: warn}",
        "teacher.ask.instructions=Be short.");

    assertThat(asked)
        .isNotEmpty()
        .allSatisfy(request ->
            assertThat(request.turns())
                .extracting(ChatTurn::role)
                .containsExactly(ChatTurn.Role.SYSTEM, ChatTurn.Role.USER));
    assertThat(rows("written.jsonl"))
        .allMatch(row -> row.at("/messages/1/content").asString().equals("good day"))
        .allMatch(row -> row.path("messages").size() == 2);
    assertThatThrownBy(
            () -> write(RemoteCompletionsTest::echo, "other.jsonl", "teacher.ask.votes=3"))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("teacher.ask: only `instructions` is heard");
    assertThatThrownBy(() -> write(RemoteCompletionsTest::echo, "written.jsonl"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("name another file");
  }

  @Test
  void whatMustStayHereIsReplacedAndRestored() throws IOException {
    Files.writeString(
        root.resolve("train.csv"),
        Files.readString(root.resolve("train.csv")).replace("say 1", "say to a@example.org 1"));
    write(
        RemoteCompletionsTest::echo,
        "written.jsonl",
        "teacher.redact={restore: true}",
        "data.test=train.csv");

    assertThat(asked)
        .noneMatch(request -> request.turns().getLast().text().contains("example.org"))
        .anyMatch(request -> request.turns().getLast().text().equals("say to [EMAIL_1] 1"));
    assertThat(rows("written.jsonl"))
        .anyMatch(row -> row.path("completion").asString().equals("said to a@example.org 1"));
    // "1" and "10" to "19".
    assertThat(notes)
        .anySatisfy(note ->
            assertThat(note)
                .contains("teacher.redact: replaced before asking: 11 × EMAIL in 11 requests"));
    long left =
        new RemoteCompletions(
                context(RemoteCompletionsTest::echo, Optional.empty()), WritingSettings.DEFAULT)
            .estimate(tiny.recipe("teacher.redact={restore: true}", "data.test=train.csv"), root)
            .asked();
    assertThat(left).isZero();
  }

  @Test
  void theCheckSaysWhatWouldHappenAndDistillingIsRefused() throws IOException {
    RunContext context = context(RemoteCompletionsTest::echo, Optional.empty());
    Recipe recipe = tiny.recipe();
    Checkup checkup = Checkup.of(recipe, root, context.models(), Progress.none());

    assertThat(checkup.plan()).isInstanceOf(PromptsPlan.class);
    assertThat(checkup.findings())
        .extracting(Finding::message)
        .contains("36 different prompts would be asked");
    assertThatThrownBy(() ->
            new Distillation(context)
                .distill(recipe, root, RunFolder.create(root.resolve("runs"), recipe)))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("retort label RECIPE --completions FILE");
  }
}
