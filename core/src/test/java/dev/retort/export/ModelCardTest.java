package dev.retort.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.model.Activation;
import dev.retort.model.Head;
import dev.retort.model.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ModelCardTest {

  private static final ModelCard.Training TRAINING =
      new ModelCard.Training("teacher-12-layers", "banking77", "3f9a", "forward KL at T = 4");

  @TempDir Path temporary;

  @Test
  void theFrontMatterIsYamlWithWhatIsKnown() {
    ModelCard card =
        card(
            new Head.PooledLinear(Pooling.MEAN),
            List.of("a", "b"),
            new ModelCard.Origin("owner/base-model", Optional.of("mit"), Optional.of("no")));

    assertThat(frontMatter(card))
        .isEqualTo(
            Map.of(
                "license", "mit",
                "language", "no",
                "base_model", "owner/base-model",
                "library_name", "sentence-transformers",
                "pipeline_tag", "text-classification",
                "tags", List.of("text-classification", "distillation", "retort")));
  }

  @Test
  void anUnknownLicenseIsSaidToBeUnknown() {
    ModelCard card =
        card(
            new Head.PooledLinear(Pooling.MEAN),
            List.of("a", "b"),
            new ModelCard.Origin("maven:some:artifact:1", Optional.empty(), Optional.empty()));

    assertThat(frontMatter(card))
        .containsEntry("license", "unknown")
        .doesNotContainKeys("language", "base_model");
    assertThat(card.markdown())
        .contains(
            "| License of the base model | unknown: find out before you publish the student |")
        .contains("| Base model | maven:some:artifact:1 |");
  }

  @Test
  void theTextTellsMakingNumbersLabelsUseAndLimits() {
    String markdown = card(new Head.PooledLinear(Pooling.CLS)).markdown();

    assertThat(markdown)
        .contains("# Cards, 3 layers\n")
        .contains("| Teacher | teacher-12-layers |")
        .contains("| Data | banking77, content hash `3f9a` |")
        .contains("| Method | forward KL at T = 4 |")
        .contains("| accuracy | 0.931 (0.925 to 0.937) |\n| p50 latency | 0.4 ms |")
        .contains("0. `card_arrival`\n1. `lost_card`\n")
        .contains("Classifier.open(Path.of(\"export/onnx\"))")
        .contains("SentenceTransformer(\"student\").encode(")
        .contains("## Limits")
        .doesNotContain("pipeline(");
  }

  @Test
  void familyHeadsAreLoadedByTransformers() {
    assertThat(card(new Head.FirstToken(Activation.TANH)).markdown())
        .contains("pipeline(\"text-classification\", \"student\")")
        .doesNotContain("SentenceTransformer");
  }

  @Test
  void labelsCannotBreakTheMarkdown() {
    String markdown =
        card(new Head.FirstToken(Activation.TANH), List.of("a`b", "two\nlines", "x|y"), origin())
            .markdown();

    assertThat(markdown).contains("0. `` a`b ``\n1. `two lines`\n2. `x|y`\n");
  }

  @Test
  void aMaskedLanguageModelFillsMasksInPythonOnly() {
    ModelCard card =
        new ModelCard(
            "n",
            CardKind.MASKED_LANGUAGE_MODEL,
            List.of(),
            origin(),
            TRAINING,
            new LinkedHashMap<>());

    assertThat(frontMatter(card))
        .containsEntry("pipeline_tag", "fill-mask")
        .containsEntry("library_name", "transformers");
    assertThat(card.markdown())
        .contains("A small masked language model")
        .contains("pipeline(\"fill-mask\", \"student\")")
        .doesNotContain("Java")
        .doesNotContain("## Labels");
  }

  @Test
  void nothingMeasuredIsSaidSo() {
    ModelCard card =
        new ModelCard(
            "n", CardKind.CLASSIFIER, List.of("a", "b"), origin(), TRAINING, new LinkedHashMap<>());

    assertThat(card.markdown()).contains("Nothing was measured.");
  }

  @Test
  void writingReplacesTheCardAndLeavesNothingElse() throws IOException {
    Files.writeString(temporary.resolve("README.md"), "old");
    ModelCard card = card(new Head.FirstToken(Activation.TANH));

    card.write(temporary);

    assertThat(temporary.resolve("README.md")).hasContent(card.markdown());
    assertThat(temporary).isDirectoryNotContaining("glob:**.part");
  }

  private static ModelCard card(Head head) {
    return card(head, List.of("card_arrival", "lost_card"), origin());
  }

  private static ModelCard card(Head head, List<String> labels, ModelCard.Origin origin) {
    SequencedMap<String, String> numbers = new LinkedHashMap<>();
    numbers.put("accuracy", "0.931 (0.925 to 0.937)");
    numbers.put("p50 latency", "0.4 ms");
    return new ModelCard("Cards, 3 layers", CardKind.of(head), labels, origin, TRAINING, numbers);
  }

  private static ModelCard.Origin origin() {
    return new ModelCard.Origin("owner/base", Optional.of("apache-2.0"), Optional.of("en"));
  }

  private static Map<Object, Object> frontMatter(ModelCard card) {
    String[] parts = card.markdown().split("(?m)^---$", 3);
    assertThat(parts[0]).isEmpty();
    Object yaml = new Load(LoadSettings.builder().build()).loadFromString(parts[1]);
    return new LinkedHashMap<>((Map<?, ?>) yaml);
  }
}
