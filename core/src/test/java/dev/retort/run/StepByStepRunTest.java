package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.catalog.RecipeException;
import dev.retort.data.DataException;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.Target;
import dev.retort.data.TokenSequence;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.report.RunReport;
import dev.retort.runtime.Tokenizer;
import dev.retort.train.StopSwitch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A language model that learns answers together with the reasons for them.
class StepByStepRunTest {

  @TempDir private Path root;
  private TinyLanguageRun tiny;

  @BeforeEach
  void writeData() throws IOException {
    tiny = TinyLanguageRun.in(root);
    Files.writeString(root.resolve("reasons.jsonl"), rows(160, 1, 3));
    Files.writeString(root.resolve("test.jsonl"), rows(40, 2, 0));
  }

  /// The answer is the last word; the reasons spell out the words before it. A row in `each` lacks
  /// them, and with 0 the file does.
  private static String rows(int count, long seed, int each) {
    Random random = new Random(seed);
    StringBuilder rows = new StringBuilder();
    for (int row = 0; row < count; row++) {
      String first = TinyLanguageRun.WORDS.get(random.nextInt(10));
      String last = TinyLanguageRun.WORDS.get(random.nextInt(10));
      String reasons =
          each == 0 || row % each == 0
              ? ""
              : ", \"rationale\": \"the %s was very %s\"".formatted(first, last);
      rows.append(
          "{\"text\": \"%s %s\", \"label\": \"%s\"%s}\n".formatted(first, last, last, reasons));
    }
    return rows.toString();
  }

  private Recipe recipe(String... more) {
    List<String> overrides =
        new ArrayList<>(
            List.of(
                "student={from: '%s', maxLength: 24}".formatted(root.resolve("model")),
                "data.leakage=warn",
                "data.validation=15%",
                "train={epochs: 4, batchTokens: 300, learningRate: 1e-2, precision: fp32}",
                "evaluate={prompts: 20, maxTokens: 4}"));
    overrides.addAll(List.of(more));
    return Recipes.read(Path.of("../recipes/step-by-step.yaml"), overrides);
  }

  @Test
  void reasonsAreLearntBesideAnswersAndNotAskedForAtTheEnd() throws IOException {
    Recipe recipe = recipe();
    List<String> notes = new ArrayList<>();
    RunListener listener =
        new RunListener() {
          @Override
          public void noted(String message) {
            notes.add(message);
          }
        };
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);
    RunReport report = tiny.distill(recipe, folder, listener);

    assertThat(TinyLanguageRun.value(report, Kind.STUDENT, Metric.EXACT_MATCH)).isGreaterThan(0.3);
    assertThat(report.results().first(Kind.BASELINE)).isPresent();
    List<String> metrics = Files.readAllLines(folder.root().resolve("metrics.jsonl"));
    assertThat(metrics)
        .filteredOn(line -> line.contains("\"student\""))
        .anySatisfy(
            line -> assertThat(line).contains("cross-entropy, label", "cross-entropy, rationale"));
    assertThat(metrics)
        .filteredOn(line -> line.contains("\"baseline\""))
        .isNotEmpty()
        .noneMatch(line -> line.contains("rationale"));
    assertThat(notes)
        .anySatisfy(note ->
            assertThat(note)
                .contains("training texts have reasons; ask the student with '[label] '"));
  }

  @Test
  void everyRowIsASequenceForEachThingItSays() throws IOException {
    Recipe recipe = recipe();
    GenerationPlan plan =
        new GenerationDistillation(tiny.context(new RunListener() {}, new StopSwitch()))
            .plan(recipe, new Clock());
    CheckedData checked = CheckedData.read(recipe, root);
    TextReading reading = new TextReading(plan.reader(), recipe);
    RunData texts = reading.of(checked);
    GenerationPhase.Sequences sequences =
        GenerationPhase.Sequences.of(plan, texts, Optional.empty(), Optional.empty())
            .with(texts, reading.rationales(checked));

    List<TokenSequence> all = ((SequenceDataset) sequences.training().getFirst()).sequences();
    long reasons =
        checked.splits().train().examples().stream()
            .filter(example -> example.rationale().filter(some -> !some.isEmpty()).isPresent())
            .count();
    assertThat(reasons).isBetween(60L, 120L);
    assertThat(all).filteredOn(text -> text.target() == Target.RATIONALE).hasSize((int) reasons);
    assertThat(all)
        .filteredOn(text -> text.target() == Target.LABEL)
        .isEqualTo(sequences.train().sequences())
        .hasSize(checked.splits().train().size());
    assertThat(Stream.of(sequences.validation(), sequences.test().sequences()))
        .allSatisfy(
            held -> assertThat(held.sequences()).allMatch(text -> text.target() == Target.LABEL));
    try (Tokenizer tokenizer = Tokenizer.open(plan.reader().tokenizer())) {
      int[] whole = tokenizer.encode("[label] ", 24).ids();
      int[] prefix = Arrays.copyOf(whole, whole.length - 1); // without the end of texts
      assertThat(sequences.train().sequences())
          .allSatisfy(text -> assertThat(text.ids()).startsWith(prefix));
    }
    SequenceBatch batch = sequences.training().getFirst().batch(0, all.size() - 1);
    assertThat(batch.targets()).containsExactly(Target.LABEL, Target.RATIONALE);
    assertThat(batch.saying(Target.LABEL).length + batch.saying(Target.RATIONALE).length)
        .isEqualTo(batch.labels().length);
  }

  @Test
  void dataWithoutAnyReasonAreRefused() throws IOException {
    Files.writeString(root.resolve("reasons.jsonl"), rows(60, 1, 0));
    Recipe recipe = recipe();
    RunFolder folder = RunFolder.create(root.resolve("runs"), recipe);

    assertThatThrownBy(() -> tiny.distill(recipe, folder, new RunListener() {}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "data.stepByStep: no training text has reasons in the column 'rationale'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data.stepByStep=null|has a `target`",
        "data.pair=null|needs rows of columns",
        "data.stepByStep.rationalePrefix='[label] '|could not tell what is asked for",
        "objective=[{use: forward-kl, target: label}]|cross-entropy, which learns what the data say"
      })
  void whatDoesNotFitIsRefused(String override, String problem) {
    assertThatThrownBy(() -> recipe(override))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining(problem);
  }
}
