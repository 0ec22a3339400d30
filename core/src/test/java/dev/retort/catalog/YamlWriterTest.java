package dev.retort.catalog;

import static dev.retort.catalog.Sample.bind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlWriterTest {

  private final YamlWriter writer = new YamlWriter(Sample.OBJECTIVES);

  @Test
  void writesEveryDefault() {
    assertThat(writer.write(bind("name: a\ntrain: {epochs: 3}\n")))
        .isEqualTo(
            """
            name: a
            train:
              epochs: 3
              learningRate: 5.0e-5
              batchTokens: 4096
              precision: fp32
              schedule:
                use: cosine
                warmup: 0.1
              seed: 7
              maxGradientNorm: 1.0
              compile: false
            objective:
              - use: cross-entropy
                weight: 1.0
            validation: 10%
            require: {}
            layers: {}
            """);
  }

  @Test
  void writesWhatBindsToAnEqualRecord() {
    var recipe =
        bind(
            """
            name: "a: 'b' # c"
            train:
              {epochs: 2, learningRate: 1e10, maxGradientNorm: , schedule: {use: steps, at: [1, 2]}}
            objective: [{use: forward-kl, temperature: 0.1, weight: 3}, cross-entropy]
            validation: a file.csv
            require: {retention: ">= 0.97", "odd key: x": "<= 3"}
            layers: {a: [], b: [1]}
            output: "#runs"
            extra: {use: forward-kl, weight: 1e-300}
            """);
    assertThat(bind(writer.write(recipe))).isEqualTo(recipe);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no",
        "null",
        "Null",
        "true",
        "017",
        "1e-4",
        "1_000",
        "-",
        "- a",
        "a: b",
        "#a",
        "a #b",
        "",
        " a ",
        "'",
        "\"",
        "@a",
        "%a",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
        "{a}",
        "[a]",
        "a\nb",
        "a\n",
        "\t",
        "ä",
        "\u0007",
        "\uD83D\uDE00",
        ".inf",
        "?",
        "? a",
        ",",
        "---",
        "...",
        "=",
        "<<",
        "a\\b"
      })
  void writesTextsThatReadBackTheSame(String text) {
    record Holder(String text) {}
    String yaml = new YamlWriter().write(new Holder(text));
    assertThat(new Binder().bind(Holder.class, Sample.yaml(yaml)).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no", "Yes", "on", "null", "true", "017", "1e-4", "1_000", "1:30", "3.0"})
  void quotesTextsThatSomeReaderOfYamlTakesForSomethingElse(String text) {
    record Holder(String text) {}
    assertThat(new YamlWriter().write(new Holder(text))).isEqualTo("text: '" + text + "'\n");
  }

  @Test
  void refusesNumbersThatNoRecipeCanHold() {
    record Holder(double number) {}
    assertThatThrownBy(() -> new YamlWriter().write(new Holder(Double.NaN)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("NaN cannot be written in a recipe");
  }

  @Test
  void refusesTypesThatNoCatalogNames() {
    record Unnamed() implements Sample.Objective {}
    record Holder(Sample.Objective objective) {}
    assertThatThrownBy(() -> writer.write(new Holder(new Unnamed())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Unnamed[] is no objective a recipe can name; it has [cross-entropy, forward-kl]");
  }
}
