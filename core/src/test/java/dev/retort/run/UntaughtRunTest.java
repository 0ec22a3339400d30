package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.catalog.RecipeException;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.recipe.Recipe;
import dev.retort.report.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A language model that learns from its data alone: a recipe without a teacher.
class UntaughtRunTest {

  @TempDir private Path root;
  private TinyLanguageRun tiny;

  @BeforeEach
  void writeRecipe() throws IOException {
    tiny = TinyLanguageRun.in(root);
    Files.writeString(
        root.resolve("recipe.yaml"),
        """
        name: untaught
        task: generation
        student: {from: '%s', maxLength: 24}
        data: {train: train.csv, test: test.csv, validation: 15%%, text: prompt, pair: completion}
        objective: [cross-entropy]
        train: {epochs: 4, batchTokens: 400, learningRate: 1e-2, precision: fp32}
        baseline: false
        evaluate: {prompts: 4, maxTokens: 4}
        """
            .formatted(root.resolve("model")));
  }

  @Test
  void theStudentIsComparedWithItsOwnModelBeforeItLearnt() throws IOException {
    Recipe recipe = tiny.recipe();
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    RunReport report = tiny.distill(recipe, folder, new RunListener() {});

    Evaluation start = report.results().first(Kind.TEACHER).orElseThrow();
    assertThat(start.name()).isEqualTo("start");
    assertThat(TinyLanguageRun.value(report, Kind.STUDENT, Metric.ACCURACY))
        .isGreaterThan(0.4)
        .isGreaterThan(2 * start.measurement(Metric.ACCURACY).orElseThrow().value());
    assertThat(Files.readString(folder.student().resolve("README.md")))
        .contains("| Teacher | none; it learnt from its data alone");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "objective=[forward-kl]|has [forward-kl], which hear",
        "student.from=scratch|teacher: is missing",
        "teacher={model: ./other}|is for recipes without a teacher"
      })
  void whatNeedsATeacherIsRefused(String override, String problem) {
    String other =
        override.startsWith("student")
            ? "student.architecture={layers: 1, hiddenSize: 32, heads: 4, intermediateSize: 48}"
            : "name=other";
    assertThatThrownBy(() -> tiny.recipe(override, other))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining(problem);
  }
}
