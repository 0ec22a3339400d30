package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.data.DataException;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.recipe.Recipe;
import dev.retort.report.RunReport;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SequenceLabellingTest {

  /// Some of its random teacher's texts end within so many tokens, and some do not.
  private static final WritingSettings SAMPLED = new WritingSettings(30, 3, 1, 3, 4, false);

  @TempDir Path root;

  private TinyLanguageRun tiny;
  private Recipe recipe;

  @BeforeEach
  void make() throws IOException {
    tiny = TinyLanguageRun.in(root);
    Files.writeString(root.resolve("train.csv"), TinyLanguageRun.csv(60, 1));
    recipe = tiny.recipe("evaluate={prompts: 4, maxTokens: 4}");
  }

  private SequenceLabelling.Outcome write(WritingSettings settings, String file)
      throws IOException {
    return write(settings, file, new RunListener() {}, new StopSwitch());
  }

  private SequenceLabelling.Outcome write(
      WritingSettings settings, String file, RunListener listener, StopSwitch stop)
      throws IOException {
    return new SequenceLabelling(tiny.context(listener, stop), settings)
        .write(recipe, root, root.resolve(file));
  }

  private List<JsonNode> rows(String file) throws IOException {
    try (Stream<String> lines = Files.lines(root.resolve(file))) {
      return lines.map(JsonMapper.shared()::readTree).toList();
    }
  }

  @Test
  void everyPromptIsAnsweredOnceAndSaysByWhom() throws IOException {
    SequenceLabelling.Outcome outcome = write(SAMPLED, "written.jsonl");

    assertThat(outcome.kept()).isPositive();
    assertThat(outcome.leftOut()).isPositive();
    assertThat(outcome.tooLong()).isZero();
    assertThat(outcome.apart()).isEqualTo(root.resolve("written.left-out.jsonl"));
    List<JsonNode> kept = rows("written.jsonl");
    List<JsonNode> leftOut = rows("written.left-out.jsonl");
    assertThat(kept)
        .hasSize(outcome.kept())
        .allMatch(row -> row.path("ended").asBoolean())
        .allMatch(row -> row.path("by").path("seed").asLong() == 3)
        .allMatch(row -> row.path("completion").isString());
    assertThat(leftOut)
        .hasSize(outcome.leftOut())
        .allMatch(
            row -> !row.path("ended").asBoolean() || row.path("completion").asString().isBlank());
    assertThat(Stream.concat(kept.stream(), leftOut.stream()))
        .extracting(row -> row.path("prompt").stringValue())
        .doesNotHaveDuplicates();
  }

  /// A batch is written and the next one is not begun; then a line is torn.
  @Test
  void whatWasInterruptedBecomesTheSame() throws IOException {
    write(SAMPLED, "whole.jsonl");
    StopSwitch stop = new StopSwitch();
    RunListener interrupting =
        new RunListener() {
          @Override
          public void advanced(long done) {
            if (done > 0) {
              stop.stop(TrainResult.End.INTERRUPTED);
            }
          }
        };
    assertThatThrownBy(() -> write(SAMPLED, "parts.jsonl", interrupting, stop))
        .isInstanceOf(RunInterruptedException.class);
    Path parts = root.resolve("parts.jsonl");
    String some = Files.readString(parts);
    assertThat(some.lines().count()).isBetween(1L, rows("whole.jsonl").size() - 1L);
    Files.writeString(parts, some.substring(0, some.length() - 9));

    write(SAMPLED, "parts.jsonl");

    assertThat(parts).hasSameTextualContentAs(root.resolve("whole.jsonl"));
    assertThat(root.resolve("parts.left-out.jsonl"))
        .hasSameTextualContentAs(root.resolve("whole.left-out.jsonl"));
    RunListener asking =
        new RunListener() {
          @Override
          public void advanced(long done) {
            throw new AssertionError("asked again");
          }
        };
    write(SAMPLED, "parts.jsonl", silentAboutFiles(asking), new StopSwitch());
  }

  /// Models are fetched with bytes; only what follows is texts.
  private static RunListener silentAboutFiles(RunListener listener) {
    return new RunListener() {
      private String phase = "";

      @Override
      public void phaseStarted(String name, long total, String unit) {
        phase = name;
      }

      @Override
      public void advanced(long done) {
        if (phase.equals("completions")) {
          listener.advanced(done);
        }
      }
    };
  }

  @Test
  void completionsThatAreCutOffCanBeKept() throws IOException {
    WritingSettings keeping = new WritingSettings(30, 3, 1, 3, 4, true);

    SequenceLabelling.Outcome outcome = write(keeping, "all.jsonl");
    SequenceLabelling.Outcome apart = write(SAMPLED, "some.jsonl");

    // What has no text at all is left out in any case.
    assertThat(outcome.kept()).isGreaterThan(apart.kept());
    assertThat(outcome.kept() + outcome.leftOut()).isEqualTo(apart.kept() + apart.leftOut());
    assertThat(rows("all.jsonl")).anyMatch(row -> !row.path("ended").asBoolean());
  }

  @Test
  void aStudentLearnsWhatWasWritten() throws IOException {
    write(new WritingSettings(8, 0, 1, 0, 16, true), "taught.jsonl");
    Recipe learning =
        tiny.recipe(
            "data.train=taught.jsonl",
            "data.leakage=warn",
            "objective=[cross-entropy]",
            "baseline=false",
            "train.epochs=1",
            "evaluate={prompts: 4, maxTokens: 4}");

    RunReport report =
        tiny.distill(
            learning, RunFolder.create(root.resolve("runs"), learning), new RunListener() {});

    assertThat(report.results().first(Kind.STUDENT)).isPresent();
  }

  @Test
  void conversationsAreAnsweredInTheirShape() throws IOException {
    Files.writeString(
        root.resolve("model/chat_template.jinja"),
        "{% for m in messages %}[CLS] {{ m.role }} : {{ m.content }} [SEP] {% endfor %}"
            + "{% if add_generation_prompt %}[CLS] assistant : {% endif %}");
    Files.writeString(root.resolve("chats.jsonl"), TinyLanguageRun.conversations(30, 1));
    recipe =
        tiny.recipe(
            "data={train: chats.jsonl, test: 20%, validation: 20%, rows: conversations,"
                + " leakage: warn}");

    write(new WritingSettings(6, 0, 1, 0, 16, true), "written.jsonl");

    assertThat(rows("written.jsonl"))
        .isNotEmpty()
        .allMatch(row -> row.path("messages").size() == 2)
        .allMatch(row -> row.at("/messages/1/role").asString().equals("assistant"))
        .noneMatch(row -> row.at("/messages/1/content").asString().contains("[SEP]"));
  }

  @Test
  void otherFilesAndSettingsAreNotMixed() throws IOException {
    write(SAMPLED, "written.jsonl");

    assertThatThrownBy(() -> write(WritingSettings.DEFAULT, "written.jsonl"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("written.jsonl:1: error: was written by")
        .hasMessageContaining("\"maxTokens\":30")
        .hasMessageContaining("name another file");
    Files.writeString(root.resolve("other.jsonl"), "{\"prompt\": \"a\"}\n");
    assertThatThrownBy(() -> write(SAMPLED, "other.jsonl"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("was not written by `retort label`");
    assertThat(root.resolve("other.jsonl")).hasContent("{\"prompt\": \"a\"}");
  }

  @Test
  void promptsWithoutRoomAreCounted() throws IOException {
    SequenceLabelling.Outcome outcome =
        write(new WritingSettings(44, 0, 1, 0, 8, false), "written.jsonl");

    assertThat(outcome.tooLong()).isPositive();
    assertThatThrownBy(() -> new WritingSettings(0, 0, 1, 0, 8, false))
        .isInstanceOf(RuntimeException.class)
        .hasMessageContaining("maxTokens");
  }
}
