package dev.retort.catalog;

import static dev.retort.catalog.Sample.bind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What single values become, wherever YAML 1.1, YAML 1.2 and habit disagree about them.
class BinderValuesTest {

  private static String problem(String setting) {
    String yaml = "name: a\ntrain:\n  epochs: 3\n  " + setting + "\n";
    RecipeException e = catchThrowableOfType(RecipeException.class, () -> bind(yaml));
    assertThat(e.problems()).hasSize(1);
    return e.problems().getFirst().toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          batchTokens: 017 | '017' may be read as octal because it starts with 0; write 17
          batchTokens: 0o17 | expected a whole number but found the text '0o17'
          batchTokens: 0x1F | expected a whole number but found the text '0x1F'
          batchTokens: 3000000000 | 3000000000 is out of range; the limit is 2147483647
          batchTokens: 10% | expected a whole number but found the text '10%'
          batchTokens: 1:30 | expected a whole number but found the text '1:30'
          learningRate: .inf | expected a number but found the text '.inf'
          learningRate: .nan | expected a number but found the text '.nan'
          learningRate: 1e999 | 1e999 is out of range; the limit is 1.7976931348623157E308
          maxGradientNorm: 1e39 | 1e39 is out of range; the limit is 3.4028235E38
          compile: yes | expected true or false but found 'yes'; write true
          compile: off | expected true or false but found 'off'; write false
          compile: 1 | expected true or false but found 1
          seed: | has no value; give one, or delete the line for the default
          seed: ~ | has no value; give one, or delete the line for the default
          schedule: [a] | expected one of [cosine, steps] but found a list
          precision: {} | expected one of [fp32, bf16-mixed] but found settings (key: value)
          """)
  void refusesBadValues(String setting, String message) {
    String key = setting.substring(0, setting.indexOf(':'));
    assertThat(problem(setting)).isEqualTo("train." + key + " (line 4): " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          schedule: {} | .use | required setting is missing; it is one of [cosine, steps]
          schedule: {use: [a]} | .use | expected one of [cosine, steps] but found a list
          schedule: {use: steps} | .at | required setting is missing
          schedule: steps | .at | required setting is missing
          """)
  void refusesBadChoices(String setting, String inner, String message) {
    assertThat(problem(setting)).isEqualTo("train.schedule" + inner + " (line 4): " + message);
  }

  @ParameterizedTest
  @CsvSource({
    "1e-4, 1e-4",
    "5E-5, 5e-5",
    "1_000, 1000",
    "1_000.5, 1000.5",
    ".5, 0.5",
    "+2, 2",
    "3., 3",
    "10%, 0.1",
    "12.5 %, 0.125",
    "'''1e-4''', 1e-4"
  })
  void readsNumbersHoweverYamlSpellsThem(String written, double number) {
    assertThat(
            bind("name: a\ntrain: {epochs: 3, learningRate: %s}\n".formatted(written))
                .train()
                .learningRate())
        .isEqualTo(number);
  }

  @ParameterizedTest
  @CsvSource({"no", "yes", "on", "1.10", "017", "0x1F", "true", "2024-01-01", "1e-4", "1:30"})
  void keepsTextsAsTheyAreWritten(String written) {
    assertThat(bind("name: %s\ntrain: {epochs: 3}\n".formatted(written)).name()).isEqualTo(written);
  }
}
