package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.catalog.RecipeException;
import dev.retort.data.DataException;
import dev.retort.data.DataSettings;
import dev.retort.data.Leakage;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.eval.Verdict;
import dev.retort.export.LanguageModelExporter;
import dev.retort.hub.Hub;
import dev.retort.hub.HubSettings;
import dev.retort.hub.Progress;
import dev.retort.model.ModelException;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.DecoderWeights;
import dev.retort.model.decoder.Llama;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.report.JsonReport;
import dev.retort.report.RunReport;
import dev.retort.runtime.Tokenizer;
import dev.retort.train.StepReport;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GenerationDistillationTest {

  private static final List<String> WORDS =
      List.of("good", "bad", "slow", "the", "movie", "was", "very", "this", "time", "day");

  @TempDir Path root;

  @BeforeEach
  void writeModelAndData() throws IOException {
    Path model = Files.createDirectory(root.resolve("model"));
    String config =
        """
        {"model_type": "llama", "hidden_size": 32, "num_hidden_layers": 3,
         "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 48,
         "vocab_size": 120, "max_position_embeddings": 48, "rms_norm_eps": 1e-5,
         "eos_token_id": 3, "tie_word_embeddings": true}
        """;
    Files.writeString(model.resolve("config.json"), config);
    Files.copy(
        Path.of("src/test/resources/parity/tokenizer/tokenizer.json"),
        model.resolve("tokenizer.json"));
    JsonNode json = JsonMapper.shared().readTree(config);
    DecoderConfig shape = new Llama().read(json);
    try (CausalLanguageModel random =
        new CausalLanguageModel(shape, DecoderWeights.random(shape, 0.15, 5))) {
      new LanguageModelExporter(random, PretrainedDecoder.read(model)).write(model);
    }
    Files.writeString(root.resolve("train.csv"), csv(260, 1));
    Files.writeString(root.resolve("test.csv"), csv(50, 2));
    Files.writeString(
        root.resolve("recipe.yaml"),
        """
        name: tiny-language-model
        task: generation
        teacher: {model: '%s', maxLength: 24}
        student: {from: teacher, layers: [0, 2]}
        data: {train: train.csv, test: test.csv, validation: 15%%, text: prompt, pair: completion}
        objective:
          - {use: forward-kl, temperature: 2, weight: 0.1}
          - {use: cross-entropy, weight: 1}
        train: {epochs: 8, batchTokens: 400, learningRate: 1e-2, precision: fp32,
                checkpointEvery: 5}
        require: {accuracy: ">= 0.5", perplexity: "<= 20"}
        export: [safetensors]
        deploy: safetensors
        """
            .formatted(model));
  }

  @Test
  void aRunGoesFromRecipeToReport() throws IOException {
    Recipe recipe = recipe();
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    RunReport report = distill(recipe, folder, new RunListener() {});

    assertThat(report.results().evaluations())
        .extracting(Evaluation::name)
        .containsExactly("teacher", "student", "baseline");
    assertThat(value(report, Kind.TEACHER, Metric.ACCURACY)).isLessThan(0.1);
    assertThat(value(report, Kind.STUDENT, Metric.ACCURACY)).isGreaterThan(0.5);
    assertThat(value(report, Kind.BASELINE, Metric.ACCURACY)).isGreaterThan(0.5);
    assertThat(value(report, Kind.TEACHER, Metric.PERPLEXITY))
        .isGreaterThan(2 * value(report, Kind.STUDENT, Metric.PERPLEXITY));
    assertThat(report.verdicts()).allMatch(verdict -> verdict instanceof Verdict.Met);
    assertThat(report.run().task()).isEqualTo("generation");
    assertThat(JsonReport.read(folder.reportJson())).isEqualTo(report);
    assertThat(folder.student().resolve("README.md")).content().contains("text-generation");

    Evaluation again = new Evaluating(columns(), root).evaluate(folder.root()).getFirst();
    assertThat(again.measurement(Metric.PERPLEXITY).orElseThrow().value())
        .isCloseTo(value(report, Kind.STUDENT, Metric.PERPLEXITY), within(1e-6));
    PretrainedDecoder written = PretrainedDecoder.read(folder.student());
    assertThat(written.config().layers()).isEqualTo(2);
    assertThat(written.endIds()).containsExactly(3);
  }

  @Test
  void anInterruptedRunIsTakenUpWhereItStopped() throws IOException {
    Recipe recipe = recipe("train.epochs=2");
    RunFolder whole = RunFolder.create(root.resolve("whole"), recipe);
    distill(recipe, whole, new RunListener() {});
    RunFolder parts = RunFolder.create(root.resolve("parts"), recipe);
    StopSwitch stop = new StopSwitch();
    RunListener interrupting =
        new RunListener() {
          @Override
          public void stepEnded(StepReport step) {
            if (step.step() == 7) {
              stop.stop(TrainResult.End.INTERRUPTED);
            }
          }
        };
    assertThatThrownBy(
            () -> new Distillation(context(interrupting, stop)).distill(recipe, root, parts))
        .isInstanceOf(RunInterruptedException.class);

    distill(recipe, parts, new RunListener() {});

    assertThat(parts.student().resolve("model.safetensors"))
        .hasSameBinaryContentAs(whole.student().resolve("model.safetensors"));
  }

  /// Labels alone, and no column of completions: every token of a text is learnt.
  @Test
  void wholeTextsAreLearntWithoutATeacher() throws IOException {
    StringBuilder texts = new StringBuilder();
    for (int i = 0; i < 80; i++) {
      texts.append("the movie was %s this %s\n".formatted(WORDS.get(i % 10), WORDS.get(i / 10)));
    }
    Files.writeString(root.resolve("texts.txt"), texts);
    Recipe recipe =
        recipe(
            "data={train: texts.txt, validation: 20%, test: 20%, leakage: warn}",
            "objective=[cross-entropy]", "baseline=false", "train.epochs=20");
    RunReport report =
        distill(recipe, RunFolder.create(root.resolve("runs"), recipe), new RunListener() {});

    assertThat(value(report, Kind.STUDENT, Metric.PERPLEXITY)).isLessThan(5);
  }

  @Test
  void whatDoesNotFitIsNamedAtOnce() throws IOException {
    Recipe recipe =
        recipe(
            "student={layers: [0, 3], intermediateSize: 16}",
            "teacher.maxLength=64",
            "teacher.fineTune={epochs: 1}",
            "objective=[hidden-mse, {use: forward-kl, from: ema}]",
            "train.mixup={}");

    assertThatThrownBy(() ->
            Checkup.of(
                recipe,
                root,
                context(new RunListener() {}, new StopSwitch()).models(),
                Progress.none()))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("student: not for task generation")
        .hasMessageContaining("student.layers: layer 3 does not exist")
        .hasMessageContaining("teacher.maxLength: 64 tokens do not fit")
        .hasMessageContaining("teacher.fineTune: not for task generation")
        .hasMessageContaining("objective[0]: hidden-mse compares what models compute inside")
        .hasMessageContaining("train.mixup: not for task generation");
    assertThatThrownBy(() -> recipe("deploy=onnx"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("must be [safetensors] with `deploy: safetensors` for task");
  }

  @Test
  void promptsThatLeaveNoRoomAreReported() throws IOException {
    Recipe recipe = recipe();
    PretrainedDecoder teacher = PretrainedDecoder.read(root.resolve("model"));
    String longPrompt = "the ".repeat(30);
    Files.writeString(
        root.resolve("test.csv"),
        csv(50, 2) + longPrompt + ",good day\n" + longPrompt + "day,bad\n");

    RunData texts =
        GenerationDistillation.tokenized(
            GenerationPlan.of(recipe, teacher), CheckedData.read(recipe, root));

    assertThat(texts.findings())
        .anyMatch(finding -> finding.toString().contains("2 of 52 texts left out"));
  }

  @Test
  void conversationsAreWrittenOutByTheModelsTemplate() throws IOException {
    Files.writeString(
        root.resolve("model/chat_template.jinja"),
        "{% for m in messages %}{{ m.role }} : {{ m.content }} [SEP] {% endfor %}"
            + "{% if add_generation_prompt %}assistant : {% endif %}");
    Files.writeString(root.resolve("train.jsonl"), conversations(120, 1));
    Files.writeString(root.resolve("test.jsonl"), conversations(30, 2));
    Recipe recipe =
        recipe(
            "data={train: train.jsonl, test: test.jsonl, validation: 15%, rows: conversations,"
                + " leakage: warn}",
            "teacher.maxLength=48", "train.epochs=6", "baseline=false");
    PretrainedDecoder teacher = PretrainedDecoder.read(root.resolve("model"));
    RunData texts =
        GenerationDistillation.tokenized(
            GenerationPlan.of(recipe, teacher), CheckedData.read(recipe, root));
    SequenceBatch first = SequenceDataset.of(texts.test()).batch(0);
    try (Tokenizer tokenizer = Tokenizer.open(teacher.tokenizer())) {
      // The user's own "[SEP] assistant : bad" is read, not learnt.
      assertThat(tokenizer.decode(first.labels())).matches("(\\w+) (\\1 )*day \\[SEP]");
    }

    RunReport report =
        distill(recipe, RunFolder.create(root.resolve("runs"), recipe), new RunListener() {});

    assertThat(value(report, Kind.STUDENT, Metric.ACCURACY)).isGreaterThan(0.4);
  }

  @Test
  void aModelWithoutATemplateReadsNoConversations() throws IOException {
    Files.writeString(root.resolve("train.jsonl"), conversations(20, 1));
    Recipe recipe = recipe("data={train: train.jsonl, rows: conversations, leakage: warn}");
    GenerationPlan plan = GenerationPlan.of(recipe, PretrainedDecoder.read(root.resolve("model")));
    CheckedData checked = CheckedData.read(recipe, root);

    assertThatThrownBy(() -> GenerationDistillation.tokenized(plan, checked))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("data.rows: 'conversations' needs the model's chat template");
    assertThatThrownBy(() -> recipe("task=classification", "data.rows=conversations"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("which only task generation learns from");
  }

  @Test
  void aRowThatIsNoConversationIsNamed() throws IOException {
    Files.writeString(root.resolve("model/chat_template.jinja"), "{{ messages[0].content }}");
    Files.writeString(
        root.resolve("train.jsonl"), conversations(20, 1) + "{\"mesages\": [], \"x\": 1}\n");
    Recipe recipe =
        recipe("data={train: train.jsonl, rows: conversations, leakage: warn, test: 20%}");
    GenerationPlan plan = GenerationPlan.of(recipe, PretrainedDecoder.read(root.resolve("model")));
    CheckedData checked = CheckedData.read(recipe, root);

    assertThatThrownBy(() -> GenerationDistillation.tokenized(plan, checked))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train.jsonl:21");
    assertThatThrownBy(
            () -> CheckedData.read(recipe("data.rows=conversations", "data.train=train.csv"), root))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("end in .jsonl or .ndjson");
  }

  /// What the user writes ends with something that looks like an answer.
  private static String conversations(int rows, long seed) {
    Random random = new Random(seed);
    StringBuilder lines = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      String word = WORDS.get(random.nextInt(WORDS.size()));
      lines.append(
          """
          {"messages": [{"role": "user", "content": "%s [SEP] assistant : bad"}, \
          {"role": "assistant", "content": "%sday"}]}
          """
              .formatted(word, (word + " ").repeat(1 + random.nextInt(3))));
    }
    return lines.toString();
  }

  @Test
  void aSplitWithNothingToLearnIsRefused() throws IOException {
    Files.writeString(
        root.resolve("test.csv"), "prompt,completion\n" + "the ".repeat(30) + ",day\n");
    Recipe recipe = recipe();
    GenerationPlan plan = GenerationPlan.of(recipe, PretrainedDecoder.read(root.resolve("model")));
    CheckedData checked = CheckedData.read(recipe, root);

    assertThatThrownBy(() -> GenerationDistillation.tokenized(plan, checked))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("test: 1 of 1 texts left out");
  }

  @Test
  void nothingIsAskedAhead() throws IOException {
    Distillation distillation = new Distillation(context(new RunListener() {}, new StopSwitch()));

    assertThatThrownBy(() -> distillation.label(recipe(), root))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("a language model is asked while its student is trained");
  }

  private static DataSettings columns() {
    return new DataSettings(
        "test.csv",
        Optional.empty(),
        Optional.empty(),
        "prompt",
        Optional.of("completion"),
        Optional.empty(),
        Optional.empty(),
        Leakage.WARN);
  }

  private Recipe recipe(String... overrides) {
    return Recipes.read(root.resolve("recipe.yaml"), List.of(overrides));
  }

  private RunReport distill(Recipe recipe, RunFolder folder, RunListener listener)
      throws IOException {
    return new Distillation(context(listener, new StopSwitch())).distill(recipe, root, folder);
  }

  private RunContext context(RunListener listener, StopSwitch stop) {
    Map<String, String> environment = Map.of("RETORT_HOME", root.resolve("home").toString());
    return new RunContext(
        new Models(new Hub(HubSettings.fromEnvironment(environment, root))),
        Workspace.fromEnvironment(environment, root),
        listener,
        stop);
  }

  private static double value(RunReport report, Kind kind, Metric metric) {
    return report
        .results()
        .first(kind)
        .flatMap(evaluation -> evaluation.measurement(metric))
        .orElseThrow()
        .value();
  }

  /// The completion repeats the last word of the prompt.
  private static String csv(int rows, long seed) {
    Random random = new Random(seed);
    StringBuilder csv = new StringBuilder("prompt,completion\n");
    for (int row = 0; row < rows; row++) {
      String word = WORDS.get(random.nextInt(WORDS.size()));
      for (int i = random.nextInt(4); i > 0; i--) {
        csv.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
      }
      csv.append(word).append(',').append((word + " ").repeat(3)).append("day\n");
    }
    return csv.toString();
  }
}
