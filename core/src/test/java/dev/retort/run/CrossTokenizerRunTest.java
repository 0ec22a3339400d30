package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.align.Reader;
import dev.retort.data.DataException;
import dev.retort.eval.Comparison;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.export.LanguageModelExporter;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.DecoderWeights;
import dev.retort.model.decoder.Llama;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.report.Generation;
import dev.retort.report.JsonReport;
import dev.retort.report.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// A teacher that cuts texts into few tokens, and a student that cuts them into many.
class CrossTokenizerRunTest {

  private static final String ALIGNED =
      "objective=[{use: cross-tokenizer, matched: 0.9}, {use: cross-entropy, weight: 0.2}]";

  private static final String TEMPLATE =
      "{% for m in messages %}OPEN{{ m.role }}\n{{ m.content }}END{% endfor %}"
          + "{% if add_generation_prompt %}OPENassistant\n{% endif %}";

  @TempDir Path root;

  private TinyLanguageRun tiny = new TinyLanguageRun(Path.of(""));
  private Path coarse = Path.of("");
  private Path fine = Path.of("");

  @BeforeEach
  void writeModelsAndData() throws IOException {
    tiny = TinyLanguageRun.in(root);
    coarse = write("coarse", 317, 1);
    fine = write("fine", 262, 0);
  }

  private Path write(String name, int vocabulary, int end) throws IOException {
    Path folder = Files.createDirectory(root.resolve(name + "-config"));
    String config =
        """
        {"model_type": "llama", "hidden_size": 32, "num_hidden_layers": 2,
         "num_attention_heads": 4, "intermediate_size": 48, "vocab_size": %d,
         "rms_norm_eps": 1e-5, "max_position_embeddings": 96, "eos_token_id": %d,
         "tie_word_embeddings": true}
        """
            .formatted(vocabulary, end);
    Files.writeString(folder.resolve("config.json"), config);
    Files.copy(Reader.file(name), folder.resolve("tokenizer.json"));
    DecoderConfig shape = new Llama().read(JsonMapper.shared().readTree(config));
    Path written = root.resolve(name);
    try (CausalLanguageModel random =
        new CausalLanguageModel(shape, DecoderWeights.random(shape, 0.15, vocabulary))) {
      new LanguageModelExporter(random, PretrainedDecoder.read(folder)).write(written);
    }
    return written;
  }

  private Recipe recipe(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "teacher={model: '%s', maxLength: 48}".formatted(coarse),
                "student={from: '%s', layers: [0, 1]}".formatted(fine),
                "require={bitsPerByte: '<= 100'}",
                ALIGNED,
                "baseline=false",
                "train.epochs=2"));
    all.addAll(List.of(overrides));
    return tiny.recipe(all.toArray(String[]::new));
  }

  private static final class Notes implements RunListener {
    private final List<String> all = new ArrayList<>();

    @Override
    public void noted(String message) {
      all.add(message);
    }
  }

  /// The teacher has learnt from labels first, the student hears nothing but the teacher.
  @Test
  void aStudentLearnsInTokensOfItsOwn() throws IOException {
    Recipe learning =
        recipe(
            "student={from: teacher, layers: [0, 1]}",
            "objective=[cross-entropy]",
            "train.epochs=6");
    RunFolder taught = RunFolder.create(root.resolve("runs"), learning);
    tiny.distill(learning, taught, new RunListener() {});
    Recipe recipe =
        recipe(
            "teacher.model=" + taught.student(),
            "objective=[{use: cross-tokenizer, matched: 0.9}]",
            "evaluate={prompts: 6, maxTokens: 16, batch: 4}",
            "baseline=true",
            "train.epochs=14");
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    Notes notes = new Notes();

    RunReport report = tiny.distill(recipe, folder, notes);

    assertThat(TinyLanguageRun.value(report, Kind.TEACHER, Metric.BITS_PER_BYTE)).isLessThan(0.6);
    assertThat(TinyLanguageRun.value(report, Kind.STUDENT, Metric.BITS_PER_BYTE)).isLessThan(0.9);
    assertThat(notes.all)
        .anyMatch(note -> note.startsWith("note: other tokens: ") && note.contains("(100.0 %)"));
    assertThat(report.results().metrics())
        .doesNotContain(Metric.AGREEMENT, Metric.RETENTION, Metric.TEACHER_KL)
        .contains(Metric.PERPLEXITY, Metric.ROUGE_L);
    assertThat(report.results().comparisons())
        .extracting(Comparison::metric)
        .contains(Metric.ACCURACY, Metric.ROUGE_L)
        .doesNotContain(Metric.TEACHER_KL);
    for (Generation generation : report.results().generations()) {
      assertThat(generation.texts()).hasSize(3);
      assertThat(generation.prompt()).endsWith(generation.reference().split(" ", -1)[0]);
    }
    assertThat(JsonReport.read(folder.reportJson())).isEqualTo(report);
    assertThat(folder.student().resolve("tokenizer.json"))
        .hasSameBinaryContentAs(fine.resolve("tokenizer.json"));
  }

  @Test
  void anInterruptedRunIsTakenUpWhereItStopped() throws IOException {
    Recipe recipe = recipe("train.precision=bf16");
    TinyLanguageRun.Resumed run = tiny.resumed(recipe);

    assertThat(run.parts().student().resolve("model.safetensors"))
        .hasSameBinaryContentAs(run.whole().student().resolve("model.safetensors"));
  }

  /// Each model writes turns out in its own way; what the assistant says is the same text.
  @Test
  void eachModelReadsConversationsByItsOwnTemplate() throws IOException {
    Files.writeString(root.resolve("train.jsonl"), TinyLanguageRun.conversations(60, 1));
    Files.writeString(coarse.resolve("chat_template.jinja"), template("<s>", "</s>"));
    Files.writeString(fine.resolve("chat_template.jinja"), template("# ", "<|end|>"));
    Recipe recipe =
        recipe(
            "data={train: train.jsonl, validation: 20%, test: 20%, rows: conversations,"
                + " leakage: warn}",
            "teacher.maxLength=90", "train.epochs=1");
    Notes notes = new Notes();

    tiny.distill(recipe, RunFolder.create(root.resolve("runs"), recipe), notes);

    assertThat(notes.all)
        .filteredOn(note -> note.contains("other tokens: "))
        .singleElement()
        .asString()
        .startsWith("note: other tokens: ")
        .contains("(100.0 %)");
  }

  private static String template(String open, String end) {
    return TEMPLATE.replace("OPEN", open).replace("END", end);
  }

  @Test
  void theRecipeRunsOnTinyModels() throws IOException {
    Recipe recipe =
        Recipes.read(
            Path.of("../recipes/cross-tokenizer.yaml"),
            List.of(
                "teacher.model=" + coarse,
                "teacher.maxLength=48",
                "student={from: '%s', layers: [1]}".formatted(fine),
                "data={train: train.csv, test: test.csv, validation: 15%, text: prompt,"
                    + " pair: completion, leakage: warn}",
                "evaluate={prompts: 4, maxTokens: 8, batch: 4}",
                "train.epochs=1",
                "train.batchTokens=400"));

    RunReport report =
        tiny.distill(recipe, RunFolder.create(root.resolve("runs"), recipe), new RunListener() {});

    assertThat(report.verdicts()).allSatisfy(v -> assertThat(v.measurement()).isPresent());
  }

  /// The prompts fill the teacher's room, or the texts do.
  @Test
  void whatTheTeacherCannotReadIsSaid() throws IOException {
    Recipe recipe =
        recipe(
            "teacher={model: '%s', maxLength: 9}".formatted(fine),
            "student={from: '%s', layers: [0, 1]}".formatted(coarse));
    Notes notes = new Notes();
    String unread =
        "warning: other tokens: [0-9]+ training texts left out, as their prompts leave .*";

    tiny.distill(recipe, RunFolder.create(root.resolve("runs"), recipe), notes);

    assertThat(notes.all).anyMatch(note -> note.matches(unread));
    assertThat(notes.all)
        .anyMatch(note ->
            note.startsWith("warning: other tokens: ") && note.contains("does not read the rest"));
  }

  @Test
  void aTeacherThatReadsOtherTextsIsRefused() throws IOException {
    Files.writeString(root.resolve("train.jsonl"), TinyLanguageRun.conversations(60, 1));
    String shouting = "{% for m in messages %}{{ m.content | upper }}</s>{% endfor %}";
    Files.writeString(coarse.resolve("chat_template.jinja"), shouting);
    Files.writeString(fine.resolve("chat_template.jinja"), template("# ", "<|end|>"));
    Recipe recipe =
        recipe(
            "data={train: train.jsonl, validation: 20%, test: 20%, rows: conversations,"
                + " leakage: warn}");

    assertThatThrownBy(() ->
            tiny.distill(
                recipe, RunFolder.create(root.resolve("runs"), recipe), new RunListener() {}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the teacher is heard about 0 of ")
        .hasMessageContaining("look at its chat template");
  }

  @Test
  void whatNeedsTheSameTokensIsRefusedAtOnce() throws IOException {
    Recipe recipe =
        recipe(
            "objective=[forward-kl, cross-tokenizer, hidden-mse, {use: reverse-kl, from: ema}]",
            "require={agreement: '>= 0.5', teacherKl: '<= 1', retention: '>= 0.9',"
                + " bitsPerByte: '<= 2'}",
            "teacher.signals=top-k",
            "train.onPolicy={}");

    assertThat(problems(recipe))
        .contains(
            "does not read the teacher's tokens: ",
            ". objective[0] (forward-kl), objective[2] (hidden-mse) would compare them one by one;",
            "use cross-tokenizer and cross-entropy, or use a model with the tokens of",
            "require.agreement: cannot be measured between different tokens",
            "require.teacherKl: cannot be measured",
            "require.retention: cannot be measured",
            "teacher.signals: what is kept is of the teacher's tokens",
            "train.onPolicy: what the student writes is not read in the teacher's tokens")
        .doesNotContain("require.bitsPerByte", "reverse-kl");
    assertThat(
            problems(
                recipe(
                    "data={train: a.jsonl, test: 10%, validation: 10%, rows: preferences}",
                    "objective=[{use: direct-preference, from: start}]")))
        .contains("data.rows: 'preferences' are compared in the same tokens");
  }

  /// WordPiece forgets which letters were large, and where there was white space.
  @Test
  void tokensThatDoNotTellTheirBytesAreRefused() {
    Recipe recipe = recipe("student={from: '%s', layers: [0, 2]}".formatted(root.resolve("model")));

    assertThatThrownBy(() ->
            GenerationPlan.of(
                recipe,
                PretrainedDecoder.read(coarse),
                PretrainedDecoder.read(root.resolve("model"))))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("student.from: ")
        .hasMessageContaining("model/tokenizer.json");
  }

  private String problems(Recipe recipe) throws IOException {
    try {
      GenerationPlan.of(recipe, PretrainedDecoder.read(coarse), PretrainedDecoder.read(fine));
      return "";
    } catch (PlanException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
