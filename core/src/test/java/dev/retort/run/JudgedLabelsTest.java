package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ApiAddress;
import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import dev.retort.api.ScriptedModel;
import dev.retort.api.client.ApiBatches;
import dev.retort.batch.FakeBatches;
import dev.retort.data.DataException;
import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Finding;
import dev.retort.hub.Progress;
import dev.retort.label.LabelledText;
import dev.retort.ledger.Estimate;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.run.RemoteLabelling.Labelled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Two teachers behind APIs, of which the second takes what is slow for bad, and a judge.
class JudgedLabelsTest {

  @TempDir private Path root;
  private final Map<String, Queue<ChatRequest>> asked = new ConcurrentHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private TinyRun tiny;

  @BeforeEach
  void writeData() throws IOException {
    tiny = TinyRun.in(root);
    tiny.hideLabels();
    Files.writeString(
        tiny.recipeFile(),
        """
        name: judged
        teachers:
          - {name: one, model: 'openai:http://localhost:1/v1#one', maxLength: 24}
          - {name: two, model: 'openai:http://localhost:1/v1#two', maxLength: 24}
        judge: {model: 'openai:http://localhost:1/v1#wise'}
        student: {from: '%s', layers: [1]}
        data: {train: train.csv, test: test.csv, validation: 15%%}
        objective: [{use: forward-kl}]
        train: {epochs: 1, batchTokens: 400, learningRate: 5e-3, precision: fp32}
        """
            .formatted(root.resolve("model")));
  }

  /// A model with answers of its own in the ledger.
  private ChatModel model(ApiAddress address) {
    String name = address.model();
    return new ScriptedModel(
        address.text(),
        request -> {
          asked.computeIfAbsent(name, _ -> new ConcurrentLinkedQueue<>()).add(request);
          String text = ScriptedModel.question(request).lines().findFirst().orElseThrow();
          return answer(name, text);
        });
  }

  private ChatAnswer answer(String name, String text) {
    return ScriptedModel.says(
        name.equals("two") && TinyRun.signal(text).equals("slow") ? "bad" : TinyRun.signal(text));
  }

  private RunContext context() {
    return tiny.context(notes, new Apis((address, _) -> model(address), Optional.empty()));
  }

  private long asked(String name) {
    return asked.getOrDefault(name, new ConcurrentLinkedQueue<>()).size();
  }

  @Test
  void theJudgesChoiceCountsInTrainingAndNotInTheTest() throws IOException {
    Recipe recipe = tiny.recipe();
    CheckedData data = CheckedData.read(recipe, root);
    Map<String, Labelled> labelled = new RemoteLabelling(context(), recipe).ask(data);

    List<String> names = data.splits().train().labels().names();
    List<Example> held =
        data.splits().heldOut().stream().flatMap(some -> some.examples().stream()).toList();
    List<String> heldKeys = held.stream().map(Example::contentKey).toList();
    for (LabelledText text : Objects.requireNonNull(labelled.get("two")).texts()) {
      String truth = TinyRun.signal(text.example().text());
      boolean wrong = heldKeys.contains(text.example().contentKey()) && truth.equals("slow");
      assertThat(text)
          .isInstanceOfSatisfying(
              LabelledText.Known.class,
              known ->
                  assertThat(names.get(known.votes().label())).isEqualTo(wrong ? "bad" : truth));
    }
    assertThat(asked("wise")).isPositive().isLessThan(asked("two") / 2);
    assertThat(asked.get("wise"))
        .allSatisfy(request ->
            assertThat(request.turns().getFirst().text())
                .contains("- slow", "- bad")
                .doesNotContain("- good"));
    assertThat(Objects.requireNonNull(labelled.get("one")).findings())
        .extracting(Finding::message)
        .anySatisfy(note ->
            assertThat(note)
                .contains("teachers disagree on %d training texts".formatted(asked("wise"))));
  }

  @Test
  void theEstimateOfAJudgeIsTheMostAtFirstAndExactOnceTheTeachersHaveAnswered() throws IOException {
    Recipe recipe = tiny.recipe();
    CheckedData data = CheckedData.read(recipe, root);
    RemoteLabelling labelling = new RemoteLabelling(context(), recipe);
    Estimate before = Objects.requireNonNull(labelling.estimate(data).get(Arbitration.JUDGE));
    labelling.askEach(data);
    Estimate after = Objects.requireNonNull(labelling.estimate(data).get(Arbitration.JUDGE));
    labelling.ask(data);
    Estimate done = Objects.requireNonNull(labelling.estimate(data).get(Arbitration.JUDGE));

    long texts =
        Objects.requireNonNull(asked.get("one")).stream()
            .map(ScriptedModel::question)
            .distinct()
            .count();
    long heldOut = data.splits().heldOut().stream().mapToLong(Dataset::size).sum();
    assertThat(before.asked()).isEqualTo(texts - heldOut);
    assertThat(after.asked()).isEqualTo(asked("wise")).isLessThan(before.asked());
    assertThat(done.asked()).isZero();
    assertThat(done.known()).isEqualTo(asked("wise"));
  }

  @Test
  void theJudgeIsAskedInBatchesWhereTheRecipeSaysSo() throws IOException {
    Path oneByOne = root.resolve("labels.jsonl");
    new LabelsFile(context()).write(tiny.recipe(), root, oneByOne);
    long disputed = asked("wise");
    try (FakeBatches batches = new FakeBatches()) {
      batches.saying(question -> TinyRun.signal(question.lines().findFirst().orElseThrow()));
      Recipe recipe =
          tiny.recipe(
              "judge.model=openai:" + batches.url() + "#wise",
              "judge.api={key: BATCH_KEY}",
              "judge.batch={pollSeconds: 0.01}");
      Apis apis =
          new Apis(
              (address, _) -> model(address),
              (address, settings) ->
                  ApiBatches.open(address, settings, _ -> Optional.of(FakeBatches.KEY)),
              Optional.empty());
      Path inBatches = root.resolve("batched.jsonl");
      new LabelsFile(tiny.context(notes, apis)).write(recipe, root, inBatches);

      assertThat(batches.count("POST /batches")).isEqualTo(1);
      assertThat(asked("wise")).isPositive().isEqualTo(disputed);
      assertThat(inBatches).hasSameTextualContentAs(oneByOne);
    }
  }

  @Test
  void theFileHasALineForEachTextAndOneBesideItWhatIsDisputed() throws IOException {
    Path file = root.resolve("labels.jsonl");
    LabelsFile.Outcome outcome = new LabelsFile(context()).write(tiny.recipe(), root, file);

    List<JsonNode> lines = rows(file);
    assertThat(lines)
        .hasSize(360)
        .allMatch(line ->
            TinyRun.signal(line.get("text").asString()).equals(line.get("label").asString()));
    long judged = lines.stream().filter(line -> line.get("by").asString().equals("judge")).count();
    assertThat(judged).isEqualTo(asked("wise")).isEqualTo(outcome.disputed());
    assertThat(lines).anyMatch(line -> line.get("by").asString().equals("one, two"));
    assertThat(rows(outcome.disagreements()))
        .hasSize(outcome.disputed())
        .allMatch(line -> line.at("/said/one/label").asString().equals("slow"))
        .allMatch(line -> line.at("/said/two/label").asString().equals("bad"))
        .allMatch(line -> line.at("/said/two/confidence").asDouble() == 1)
        .allMatch(line -> line.at("/judge/label").asString().equals("slow"));
  }

  @Test
  void withoutAJudgeDisagreementsAreFoundAllTheSame() throws IOException {
    Path file = root.resolve("labels.jsonl");
    LabelsFile.Outcome outcome =
        new LabelsFile(context()).write(tiny.recipe("judge=null"), root, file);

    assertThat(asked("wise")).isZero();
    assertThat(outcome.disputed()).isPositive();
    assertThat(rows(outcome.disagreements()))
        .hasSize(outcome.disputed())
        .noneMatch(line -> line.has("judge"));
    assertThat(rows(file)).hasSize(720);
  }

  /// People say that a good text is slow, and that a text with a label in the data is bad.
  @Test
  void correctionsCountBeforeTeachersAndData() throws IOException {
    List<String> train = Files.readAllLines(root.resolve("train.csv"));
    List<String> labelled =
        train.stream().skip(1).filter(line -> line.matches(".*,good")).distinct().toList();
    List<String> open =
        train.stream().skip(1).filter(line -> line.matches(".*good.*,")).distinct().toList();
    String first = open.getFirst().replaceAll(",.*", "");
    String second = labelled.getFirst().replaceAll(",.*", "");
    Files.writeString(
        root.resolve("corrected.csv"),
        "text,label,by\n%s,slow,ada\n%s,bad,\nnobody wrote this,bad,ada\n"
            .formatted(first.toUpperCase(Locale.ROOT), second));
    Path file = root.resolve("labels.jsonl");
    Recipe recipe =
        tiny.recipe(
            "data.corrections=corrected.csv",
            "teachers[0].ask.labelled=true",
            "teachers[1].ask.labelled=true");
    new LabelsFile(context()).write(recipe, root, file);

    List<JsonNode> lines = rows(file);
    assertThat(lines)
        .filteredOn(line -> line.get("text").asString().equals(first))
        .isNotEmpty()
        .allMatch(line -> line.get("label").asString().equals("slow"))
        .allMatch(line -> line.get("by").asString().equals("ada"));
    assertThat(lines)
        .filteredOn(line -> line.get("text").asString().equals(second))
        .isNotEmpty()
        .allMatch(line -> line.get("label").asString().equals("bad"))
        .allMatch(line -> line.get("by").asString().equals("somebody"));
    assertThat(asked.get("one"))
        .noneMatch(request -> ScriptedModel.question(request).equals(first))
        .noneMatch(request -> ScriptedModel.question(request).equals(second));
    assertThat(CheckedData.read(recipe, root).findings())
        .extracting(Finding::toString)
        .anySatisfy(note ->
            assertThat(note)
                .contains("data.corrections: labels of people:", "by ada", "by somebody")
                .contains("1 are of texts that the data do not have"));
  }

  @Test
  void correctionsThatContradictEachOtherOrSayNothingAreRefused() throws IOException {
    Files.writeString(
        root.resolve("corrected.csv"),
        "text,label,by\nthis is it,bad,a\nThis  is IT,good,b\nx,,a\n");
    Recipe recipe = tiny.recipe("data.corrections=corrected.csv");
    assertThatThrownBy(() -> CheckedData.read(recipe, root))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("corrected.csv:3: error: says 'good' of a text that is 'bad' in")
        .hasMessageContaining("corrected.csv:4: error: has no label");
  }

  @Test
  void whatMustStayHereIsReplacedBeforeLabelsAreAskedFor() throws IOException {
    String secret = "mail a@example.org";
    Files.writeString(
        root.resolve("train.csv"),
        Files.readString(root.resolve("train.csv")).replace(" good", " " + secret + " good"));
    new LabelsFile(context())
        .write(tiny.recipe("teachers[0].redact={}"), root, root.resolve("labels.jsonl"));

    assertThat(asked.get("one"))
        .noneMatch(request -> ScriptedModel.question(request).contains("example.org"))
        .anyMatch(request -> ScriptedModel.question(request).contains("[EMAIL_1]"));
    assertThat(asked.get("two"))
        .anyMatch(request -> ScriptedModel.question(request).contains("example.org"));
    assertThat(notes).anySatisfy(note -> assertThat(note).contains("one.redact:", "× EMAIL"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "judge.model=./model|judge.model: is not behind an API",
        "combine={use: routing, column: text, routes: {a: one, b: two}}|judge: has nothing to settle"
      })
  void aJudgeThatCannotJudgeIsRefused(String override, String problem) {
    assertThatThrownBy(() -> context().models().plan(tiny.recipe(override), Progress.none()))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining(problem);
  }

  private static List<JsonNode> rows(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(JsonMapper.shared()::readTree).toList();
  }
}
