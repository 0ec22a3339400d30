package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.catalog.RecipeException;
import dev.retort.data.DataException;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.model.ModelException;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.Recipe;
import dev.retort.report.RunReport;
import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Language models that learn from conversations.
class ConversationRunTest {

  @TempDir Path root;

  private TinyLanguageRun tiny = new TinyLanguageRun(Path.of(""));

  @BeforeEach
  void writeModelAndData() throws IOException {
    tiny = TinyLanguageRun.in(root);
  }

  @Test
  void conversationsAreWrittenOutByTheModelsTemplate() throws IOException {
    Files.writeString(
        root.resolve("model/chat_template.jinja"),
        "{% for m in messages %}{{ m.role }} : {{ m.content }} [SEP] {% endfor %}"
            + "{% if add_generation_prompt %}assistant : {% endif %}");
    Files.writeString(root.resolve("train.jsonl"), TinyLanguageRun.conversations(120, 1));
    Files.writeString(root.resolve("test.jsonl"), TinyLanguageRun.conversations(30, 2));
    Recipe recipe =
        tiny.recipe(
            "data={train: train.jsonl, test: test.jsonl, validation: 15%, rows: conversations,"
                + " leakage: warn}",
            "teacher.maxLength=48", "train.epochs=6", "baseline=false");
    PretrainedDecoder teacher = PretrainedDecoder.read(root.resolve("model"));
    RunData texts = new TextReading(teacher, recipe).of(CheckedData.read(recipe, root));
    SequenceBatch first = SequenceDataset.of(texts.test()).batch(0);
    try (Tokenizer tokenizer = Tokenizer.open(teacher.tokenizer())) {
      // The user's own "[SEP] assistant : bad" is read, not learnt.
      assertThat(tokenizer.decode(first.labels())).matches("(\\w+) (\\1 )*day \\[SEP]");
    }

    RunReport report =
        tiny.distill(recipe, RunFolder.create(root.resolve("runs"), recipe), new RunListener() {});

    assertThat(TinyLanguageRun.value(report, Kind.STUDENT, Metric.ACCURACY)).isGreaterThan(0.4);
  }

  @Test
  void aModelWithoutATemplateReadsNoConversations() throws IOException {
    Files.writeString(root.resolve("train.jsonl"), TinyLanguageRun.conversations(20, 1));
    Recipe recipe = tiny.recipe("data={train: train.jsonl, rows: conversations, leakage: warn}");
    GenerationPlan plan = GenerationPlan.of(recipe, PretrainedDecoder.read(root.resolve("model")));
    CheckedData checked = CheckedData.read(recipe, root);

    assertThatThrownBy(() -> new TextReading(plan.reader(), plan.recipe()).of(checked))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("data.rows: 'conversations' needs the model's chat template");
    assertThatThrownBy(() -> tiny.recipe("task=classification", "data.rows=conversations"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("which only task generation learns from");
  }

  @Test
  void aRowThatIsNoConversationIsNamed() throws IOException {
    Files.writeString(root.resolve("model/chat_template.jinja"), "{{ messages[0].content }}");
    Files.writeString(
        root.resolve("train.jsonl"),
        TinyLanguageRun.conversations(20, 1) + "{\"mesages\": [], \"x\": 1}\n");
    Recipe recipe =
        tiny.recipe("data={train: train.jsonl, rows: conversations, leakage: warn, test: 20%}");
    GenerationPlan plan = GenerationPlan.of(recipe, PretrainedDecoder.read(root.resolve("model")));
    CheckedData checked = CheckedData.read(recipe, root);

    assertThatThrownBy(() -> new TextReading(plan.reader(), plan.recipe()).of(checked))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train.jsonl:21");
    assertThatThrownBy(() ->
            CheckedData.read(tiny.recipe("data.rows=conversations", "data.train=train.csv"), root))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("end in .jsonl or .ndjson, an object a line, or in .parquet");
  }
}
