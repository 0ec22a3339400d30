package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.catalog.RecipeException;
import dev.retort.data.DataSettings;
import dev.retort.data.Leakage;
import dev.retort.data.TokenizedDataset;
import dev.retort.eval.Comparison;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Verdict;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.recipe.EvaluateSettings;
import dev.retort.recipe.Recipe;
import dev.retort.report.Generation;
import dev.retort.report.Generation.Choice;
import dev.retort.report.JsonReport;
import dev.retort.report.RunReport;
import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What language models are measured by beyond the tokens they expect.
class GenerationMeasuresTest {

  private static final EvaluateSettings SMALL = new EvaluateSettings(7, 6, 3, 0.8, 0.95);

  @TempDir Path root;

  private TinyLanguageRun tiny = new TinyLanguageRun(Path.of(""));

  @BeforeEach
  void writeModelAndData() throws IOException {
    tiny = TinyLanguageRun.in(root);
  }

  @Test
  void aRunMeasuresAndShowsWhatItsModelsWrite() throws IOException {
    Recipe recipe =
        tiny.recipe(
            "evaluate={prompts: 12, maxTokens: 8, batch: 5}",
            "require={teacherKl: '<= 100', exactMatch: '>= 0', rougeL: '>= 0.3',"
                + " firstTokenMs: '<= 1e9', tokensPerSecond: '>= 0',"
                + " sampledTokensPerSecond: '>= 0', batchTokensPerSecond: '>= 0',"
                + " batchSampledTokensPerSecond: '>= 0', rssMb: '<= 1e9'}");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    RunReport report = tiny.distill(recipe, folder, new RunListener() {});

    assertThat(report.verdicts()).hasSize(9).allMatch(verdict -> verdict instanceof Verdict.Met);
    assertThat(TinyLanguageRun.value(report, Kind.TEACHER, Metric.ROUGE_L)).isLessThan(0.1);
    assertThat(report.results().measurement(Kind.TEACHER, Metric.TOKENS_PER_SECOND)).isPresent();
    assertThat(report.results().measurement(Kind.TEACHER, Metric.TEACHER_KL)).isEmpty();
    assertThat(report.results().measurement(Kind.BASELINE, Metric.TEACHER_KL)).isPresent();
    assertThat(report.results().measurement(Kind.BASELINE, Metric.EXACT_MATCH)).isPresent();
    assertThat(report.results().measurement(Kind.BASELINE, Metric.FIRST_TOKEN_MS)).isEmpty();
    assertThat(report.results().comparisons())
        .extracting(Comparison::metric)
        .containsExactly(Metric.ACCURACY, Metric.TEACHER_KL, Metric.EXACT_MATCH, Metric.ROUGE_L);
    isShown(report.results().generations());
    assertThat(JsonReport.read(folder.reportJson())).isEqualTo(report);
    assertThat(folder.reportMarkdown()).content().contains("## Generations side by side");
    isMeasuredAlike(report, folder);
    assertThat(TinyLanguageRun.value(report, Kind.TEACHER, Metric.BITS_PER_BYTE))
        .isCloseTo(bitsPerByte(report, Kind.TEACHER), within(1e-9));
    assertThat(TinyLanguageRun.value(report, Kind.STUDENT, Metric.BITS_PER_BYTE))
        .isCloseTo(bitsPerByte(report, Kind.STUDENT), within(1e-9));
  }

  /// The log loss of all tokens, ends of texts included, over the bytes of all completions.
  private double bitsPerByte(RunReport report, Kind kind) throws IOException {
    Measured loss =
        report.results().measurement(kind, Metric.NEGATIVE_LOG_LIKELIHOOD).orElseThrow();
    int bytes =
        Files.readAllLines(root.resolve("test.csv")).stream()
            .skip(1)
            .mapToInt(line -> line.substring(line.indexOf(',') + 1).length())
            .sum();
    return loss.value() * loss.samples() / Math.log(2) / bytes;
  }

  private static void isShown(List<Generation> generations) {
    assertThat(generations)
        .extracting(Generation::choice)
        .containsExactly(
            Choice.FIRST,
            Choice.FIRST,
            Choice.FIRST,
            Choice.FIRST,
            Choice.WORST,
            Choice.WORST,
            Choice.WORST,
            Choice.WORST);
    assertThat(generations)
        .allSatisfy(generation -> {
          assertThat(generation.reference()).matches("(\\w+)( \\1){2} day");
          assertThat(generation.prompt()).endsWith(generation.reference().split(" ", -1)[0]);
          assertThat(generation.texts())
              .extracting(Generation.Text::kind)
              .containsExactly(Kind.TEACHER, Kind.STUDENT, Kind.BASELINE);
          assertThat(generation.texts().get(1).text()).doesNotContain("[SEP]");
        });
    assertThat(generations.subList(5, 8))
        .extracting(generation -> generation.texts().get(1).rougeL())
        .isSorted();
    assertThat(generations).anyMatch(generation -> generation.texts().get(1).ended());
  }

  /// `retort evaluate` on what the run left behind.
  private void isMeasuredAlike(RunReport report, RunFolder folder) throws IOException {
    Evaluation again =
        new Evaluating(columns(), root)
            .evaluate(folder.root(), Optional.of(root.resolve("model")))
            .getFirst();
    assertThat(again.measurement(Metric.TEACHER_KL).orElseThrow().value())
        .isCloseTo(TinyLanguageRun.value(report, Kind.STUDENT, Metric.TEACHER_KL), within(1e-5));
    assertThat(again.measurement(Metric.BITS_PER_BYTE).orElseThrow().value())
        .isCloseTo(TinyLanguageRun.value(report, Kind.STUDENT, Metric.BITS_PER_BYTE), within(1e-5));
    assertThat(again.measurements())
        .containsKeys(Metric.EXACT_MATCH, Metric.ROUGE_L, Metric.TOKENS_PER_SECOND, Metric.RSS_MB);
  }

  @Test
  void aTeacherThatReadsOtherTokensIsRefused() throws IOException {
    Path other = root.resolve("other");
    Files.createDirectory(other);
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(root.resolve("model").resolve(name), other.resolve(name));
    }
    String tokenizer = Files.readString(root.resolve("model/tokenizer.json"));
    Files.writeString(other.resolve("tokenizer.json"), tokenizer.replace("\"good\"", "\"goot\""));

    assertThatThrownBy(() ->
            new Evaluating(columns(), root).evaluate(root.resolve("model"), Optional.of(other)))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("test.csv into other tokens than the model does");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "p95LatencyMs: '<= 5' | {prompts: 8} | require.p95LatencyMs | is not measured for task gen",
        "spearman: '>= 0.5' | {prompts: 8} | require.spearman | generation; [accuracy, retention, a",
        "rougeL: '>= 0.3' | {prompts: 0} | require.rougeL | not measured with `evaluate.prompts: 0`",
        "rssMb: '<= 500' | {prompts: 0} | require.rssMb | not measured with `evaluate.prompts: 0`",
        "exactMatch: '>= 0.3' | {prompts: 0} | require.exactMatch | with `evaluate.prompts: 0`",
        "rougeL: '<= 0.3' | {prompts: 8} | require | where more is better; write '>= 0.3'",
        "rougeL: '>= 30' | {prompts: 8} | require | rougeL is a fraction",
        "teacherKl: '<= 1' | {topP: 0} | evaluate.topP | must be > 0",
        "teacherKl: '<= 1' | {maxTokens: 0} | evaluate.maxTokens | must be >= 1"
      })
  void whatIsNotMeasuredIsRefusedAtOnce(
      String require, String evaluate, String place, String message) {
    refuses(place, message, "require={" + require + "}", "evaluate=" + evaluate);
  }

  @Test
  void otherTasksWriteNothing() {
    refuses("evaluate", "is for task generation only", "task=masked-lm", "require={}");
    refuses(
        "require.rougeL",
        "is not measured for task classification; [accuracy, macroF1, retention",
        "task=classification",
        "evaluate=null",
        "deploy=onnx",
        "export=[onnx]",
        "require={rougeL: '>= 0.3'}");
  }

  @Test
  void textsWithoutAnswersCannotMatchExactly() {
    String data = "data={train: train.csv, text: prompt}";

    refuses(
        "require.exactMatch",
        "needs data with answers: name the column of completions in `data.pair`",
        data,
        "require={exactMatch: '>= 0.3'}",
        "evaluate={prompts: 8}");
    assertThat(
            tiny.recipe(data, "require={rougeL: '>= 0.3'}", "evaluate={prompts: 8}").requirements())
        .hasSize(1);
  }

  @Test
  void defaultsAreFilledIn() {
    assertThat(tiny.recipe("evaluate={}").writing()).isEqualTo(EvaluateSettings.USUAL);
    assertThat(tiny.recipe("evaluate=null").writing()).isEqualTo(EvaluateSettings.USUAL);
  }

  private void refuses(String place, String message, String... overrides) {
    assertThatThrownBy(() -> tiny.recipe(overrides))
        .isInstanceOf(RecipeException.class)
        .message()
        .satisfies(text ->
            assertThat(text.replaceAll("\\s+", " ")).contains(" " + place).contains(message));
  }

  @Test
  void batchesDoNotChangeWhatIsWritten() throws IOException {
    PretrainedDecoder model = PretrainedDecoder.read(root.resolve("model"));
    try (Tokenizer tokenizer = Tokenizer.open(model.tokenizer());
        CausalLanguageModel weights = model.weights()) {
      TokenizedDataset texts = texts(tiny.recipe());
      Spelling spelling = new Spelling(tokenizer);
      Completing together = Completing.of(model, texts, true, SMALL, spelling);
      Completing alone =
          Completing.of(model, texts, true, new EvaluateSettings(7, 6, 1, 0.8, 0.95), spelling);

      assertThat(together.prompts()).hasSize(7);
      assertThat(together.written(weights)).hasSize(7).isEqualTo(alone.written(weights));
      assertThat(together.sampling().maxTokens()).isEqualTo(6);
      assertThat(together.sampling().stopIds()).containsExactly(3);
      assertThat(Completing.of(model, texts, true, EvaluateSettings.USUAL, spelling).sampling())
          .extracting("maxTokens")
          .isEqualTo(24);
    }
  }

  /// A special token may be learnt, but says nothing that a text could be compared with.
  @Test
  void promptsWithoutAnAnswerAreLeftOut() throws IOException {
    Files.writeString(
        root.resolve("test.csv"), "prompt,completion\nthe movie,good day\nthe day,[MASK]\n");
    PretrainedDecoder model = PretrainedDecoder.read(root.resolve("model"));
    try (Tokenizer tokenizer = Tokenizer.open(model.tokenizer())) {
      Completing completing =
          Completing.of(model, texts(tiny.recipe()), true, SMALL, new Spelling(tokenizer));

      assertThat(completing.references()).containsExactly("good day");
    }
  }

  /// A text without an answer is continued from its middle.
  @Test
  void plainTextsAreContinued() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String word : TinyLanguageRun.WORDS) {
      lines.append("the movie was ").append(word).append(" this time\n");
    }
    Files.writeString(root.resolve("texts.txt"), lines);
    PretrainedDecoder model = PretrainedDecoder.read(root.resolve("model"));
    TokenizedDataset texts =
        texts(tiny.recipe("data={train: texts.txt, validation: 20%, test: 30%, leakage: warn}"));
    try (Tokenizer tokenizer = Tokenizer.open(model.tokenizer());
        CausalLanguageModel weights = model.weights()) {
      Completing completing = Completing.of(model, texts, false, SMALL, new Spelling(tokenizer));

      assertThat(completing.promptTexts()).isNotEmpty().allMatch("the movie was"::equals);
      assertThat(completing.references()).allMatch(text -> text.matches("\\w+ this time"));
      assertThat(completing.scores(completing.written(weights)).exact()).isEmpty();
    }
  }

  private TokenizedDataset texts(Recipe recipe) throws IOException {
    return new TextReading(PretrainedDecoder.read(root.resolve("model")), recipe)
        .of(CheckedData.read(recipe, root))
        .test();
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
}
