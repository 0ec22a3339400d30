package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.export.LanguageModelExporter;
import dev.retort.hub.Progress;
import dev.retort.model.ForwardMode;
import dev.retort.model.Precision;
import dev.retort.model.TensorFile;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.DecoderWeights;
import dev.retort.model.decoder.Llama;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.report.RunReport;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.tensor.Scope;
import dev.retort.train.StopSwitch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// A whole run for each kind of student of a language model; the teacher has 3 layers, 32 wide,
/// with 4 heads on 2 key-value heads, 48 neurons and 120 tokens.
class LanguageModelStudentsTest {

  @TempDir Path root;

  private TinyLanguageRun tiny = new TinyLanguageRun(Path.of(""));

  @BeforeEach
  void writeModelAndData() throws IOException {
    tiny = TinyLanguageRun.in(root);
  }

  @Test
  void aStudentCanBeNarrowerThanItsTeacher() throws IOException {
    RunFolder folder =
        run("student={layers: [0, 2], hiddenSize: 24, heads: 2, intermediateSize: 20}");

    DecoderConfig config = PretrainedDecoder.read(folder.student()).config();
    assertThat(config.layers()).isEqualTo(2);
    assertThat(config.hiddenSize()).isEqualTo(24);
    assertThat(config.attention().heads()).isEqualTo(2);
    assertThat(config.attention().keyValueHeads()).isEqualTo(1);
    assertThat(config.attention().headSize()).isEqualTo(8);
    assertThat(config.intermediateSize()).isEqualTo(20);
  }

  @Test
  void aStudentCanBeginFromScratch() throws IOException {
    RunFolder folder =
        run(
            "student={from: scratch, architecture: {layers: 1, hiddenSize: 24, heads: 2,"
                + " keyValueHeads: 1, intermediateSize: 40}}",
            "train.epochs=16");

    DecoderConfig config = PretrainedDecoder.read(folder.student()).config();
    assertThat(config.family()).isEqualTo(new Llama());
    assertThat(config.layers()).isEqualTo(1);
    assertThat(config.attention().headSize()).isEqualTo(12);
    assertThat(config.attention().keyValueHeads()).isEqualTo(1);
    assertThat(config.vocabularySize()).isEqualTo(120);
  }

  /// Another model with the same tokens, whose vocabulary is padded to 128 rows.
  @Test
  void aStudentCanBeAnotherModelOfTheSameTokens() throws IOException {
    Path other = writeOther(128);
    Recipe recipe = tiny.recipe("student={from: '%s', intermediateSize: 30}".formatted(other));

    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    RunReport report = tiny.distill(recipe, folder, new RunListener() {});

    assertLearnt(report);
    PretrainedDecoder student = PretrainedDecoder.read(folder.student());
    assertThat(student.config().vocabularySize()).isEqualTo(128);
    assertThat(student.config().tokens()).isEqualTo(120);
    assertThat(student.config().intermediateSize()).isEqualTo(30);
    assertThat(RunRecord.read(folder.provenance()).studentModel()).isPresent();
    assertThat(folder.student().resolve("README.md")).content().contains(other.toString());
  }

  @Test
  void aModelOfOtherTokensIsRefused() throws IOException {
    Path other = writeOther(128);
    Path tokenizer = other.resolve("tokenizer.json");
    Files.writeString(tokenizer, Files.readString(tokenizer).replace("\"movie\"", "\"filum\""));
    Recipe recipe =
        tiny.recipe("student={from: '%s', layers: [2]}".formatted(other), "teacher.maxLength=40");

    assertThatThrownBy(() ->
            Checkup.of(
                recipe,
                root,
                tiny.context(new RunListener() {}, new StopSwitch()).models(),
                Progress.none()))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining(
            "student.from: %s does not read the teacher's tokens".formatted(other))
        .hasMessageContaining(
            "1 tokens are missing, such as 'movie'; 1 tokens are more, such as 'filum'")
        .hasMessageContaining("use a model with the tokens of")
        .hasMessageContaining("student.layers[0]: layer 2 does not exist; the student's model has")
        .hasMessageContaining(
            "teacher.maxLength: 40 tokens do not fit; the student's model has positions for 32");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fp32", "bf16"})
  void aStudentCanBeItsModelWithAdapters(String precision) throws IOException {
    Recipe recipe =
        tiny.recipe(
            "student={from: '%s', lora: {rank: 8, alpha: 16}}".formatted(writeOther(120)),
            "train.precision=" + precision,
            "train.epochs=12",
            "train.learningRate=2e-2");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    RunReport report = tiny.distill(recipe, folder, new RunListener() {});

    assertLearnt(report);
    double adapters = 2 * 8 * (2 * (32 + 32) + 2 * (16 + 32) + 3 * (32 + 48));
    assertThat(TinyLanguageRun.value(report, Kind.STUDENT, Metric.TRAINED_PARAMETERS))
        .isEqualTo(adapters);
    PretrainedDecoder student = PretrainedDecoder.read(folder.student());
    try (CausalLanguageModel merged = student.weights()) {
      assertThat(TinyLanguageRun.value(report, Kind.STUDENT, Metric.PARAMETERS))
          .isEqualTo((double) merged.parameters().count());
    }
    try (SafetensorsFile file =
        SafetensorsFile.open(folder.adapter().resolve("adapter_model.safetensors"))) {
      assertThat(file.names())
          .hasSize(2 * 7 * 2)
          .contains("base_model.model.model.layers.1.self_attn.o_proj.lora_B.weight");
    }
    try (SafetensorsFile trained =
        SafetensorsFile.open(PhaseRunner.weights(folder.phase("student")))) {
      assertThat(trained.names()).allMatch(name -> name.contains(".lora_"));
    }
    assertThat(folder.student().resolve("README.md")).content().contains("adapters of rank 8");
    // What was measured is what is handed over.
    assertThat(
            new Evaluating(GenerationDistillationTest.columns(), root)
                .evaluate(folder.root())
                .getFirst()
                .measurement(Metric.PERPLEXITY)
                .orElseThrow()
                .value())
        .isCloseTo(TinyLanguageRun.value(report, Kind.STUDENT, Metric.PERPLEXITY), within(1e-4));
  }

  /// The logits of the folder are those of base and adapters.
  @Test
  void aMergedFolderSaysWhatItsAdaptersSay() throws IOException {
    Recipe recipe = tiny.recipe("student={lora: {rank: 4}}", "train.epochs=1", "baseline=false");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    tiny.distill(recipe, folder, new RunListener() {});
    GenerationPlan plan = GenerationPlan.of(recipe, PretrainedDecoder.read(root.resolve("model")));
    SequenceDataset texts = texts(5, 12);

    try (CausalLanguageModel teacher = plan.teacher().weights();
        CausalLanguageModel adapted = new UntrainedLanguageModel(plan, texts, teacher).get();
        CausalLanguageModel merged = PretrainedDecoder.read(folder.student()).weights()) {
      float[] untrained = logits(adapted, texts);
      assertThat(untrained).containsExactly(logits(teacher, texts));
      TensorFile.readInto(
          PhaseRunner.weights(folder.phase("student")), adapted.parameters().byName());

      float[] trained = logits(adapted, texts);

      assertThat(trained).isNotEqualTo(untrained);
      assertThat(logits(merged, texts)).containsExactly(trained, within(1e-5f));
    }
  }

  @Test
  void anInterruptedRunWithAdaptersIsTakenUpWhereItStopped() throws IOException {
    Recipe recipe =
        tiny.recipe(
            "student={layers: [0, 2], lora: {rank: 4, targets: [query, value, up]}}",
            "train.epochs=2",
            "baseline=false");
    TinyLanguageRun.Resumed run = tiny.resumed(recipe);

    assertThat(run.parts().student().resolve("model.safetensors"))
        .hasSameBinaryContentAs(run.whole().student().resolve("model.safetensors"));
    // They were trained on layers that nobody has published.
    assertThat(run.parts().adapter()).doesNotExist();
  }

  @Test
  void theRecipeWithAdaptersRunsOnTinyModels() throws IOException {
    Recipe recipe =
        Recipes.read(
            Path.of("../recipes/lora.yaml"),
            List.of(
                "teacher.model=" + root.resolve("model"),
                "teacher.maxLength=24",
                "student.from=" + writeOther(120),
                "data={train: train.csv, test: test.csv, validation: 15%, text: prompt,"
                    + " pair: completion, leakage: warn}",
                "train.epochs=1",
                "train.batchTokens=400"));

    RunReport report =
        tiny.distill(recipe, RunFolder.create(root.resolve("runs"), recipe), new RunListener() {});

    assertThat(report.verdicts()).allSatisfy(v -> assertThat(v.measurement()).isPresent());
    assertThat(TinyLanguageRun.value(report, Kind.STUDENT, Metric.TRAINED_PARAMETERS)).isPositive();
  }

  @Test
  void fewTokensFromAllOverTheTextsAreJudgedBy() {
    SequenceDataset texts = texts(100, 10);

    SequenceDataset some = UntrainedLanguageModel.calibration(texts, 200);

    assertThat(some.sequences())
        .containsExactlyElementsOf(
            IntStream.range(0, 20).mapToObj(i -> texts.sequences().get(5 * i)).toList());
    assertThat(UntrainedLanguageModel.calibration(texts, 5).size()).isEqualTo(1);
    assertThat(UntrainedLanguageModel.calibration(texts, 5000)).isEqualTo(texts);
  }

  private static SequenceDataset texts(int count, int length) {
    return new SequenceDataset(
        IntStream.range(0, count)
            .mapToObj(row ->
                TokenSequence.whole(
                    IntStream.range(0, length).map(i -> 5 + (row * 7 + i * 3) % 100).toArray()))
            .toList());
  }

  private static float[] logits(CausalLanguageModel model, SequenceDataset texts) {
    SequenceBatch batch = texts.batch(IntStream.range(0, texts.size()).toArray());
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      return model
          .head()
          .logits(model.forward(batch, ForwardMode.evaluate(Precision.FP32)).pooledND())
          .toFloats();
    }
  }

  private RunFolder run(String... overrides) throws IOException {
    Recipe recipe = tiny.recipe(overrides);
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    assertLearnt(tiny.distill(recipe, folder, new RunListener() {}));
    return folder;
  }

  /// Student and baseline are of one size, and the student learns.
  private static void assertLearnt(RunReport report) {
    assertThat(TinyLanguageRun.value(report, Kind.STUDENT, Metric.ACCURACY)).isGreaterThan(0.5);
    assertThat(TinyLanguageRun.value(report, Kind.BASELINE, Metric.PARAMETERS))
        .isEqualTo(TinyLanguageRun.value(report, Kind.STUDENT, Metric.PARAMETERS));
  }

  /// A model of two layers with a head of its own, so many rows of which only 120 are tokens.
  private Path writeOther(int rows) throws IOException {
    Path folder = Files.createDirectory(root.resolve("other"));
    String config =
        """
        {"model_type": "llama", "hidden_size": 32, "num_hidden_layers": 2,
         "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 48,
         "vocab_size": %d, "max_position_embeddings": 32, "rms_norm_eps": 1e-5,
         "eos_token_id": 3, "tie_word_embeddings": false}
        """
            .formatted(rows);
    Files.writeString(folder.resolve("config.json"), config);
    Files.copy(root.resolve("model/tokenizer.json"), folder.resolve("tokenizer.json"));
    DecoderConfig shape = new Llama().read(JsonMapper.shared().readTree(config));
    Path written = root.resolve("other-model");
    try (CausalLanguageModel random =
        new CausalLanguageModel(shape, DecoderWeights.random(shape, 0.15, 8))) {
      new LanguageModelExporter(random, PretrainedDecoder.read(folder)).write(written);
    }
    return written;
  }
}
