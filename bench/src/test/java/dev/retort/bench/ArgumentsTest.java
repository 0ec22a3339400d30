package dev.retort.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.model.Precision;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

  @Test
  void whatIsGivenGoesBeforeDefaults() {
    Arguments arguments = parse("--out", "there", "--steps", "7", "--precision", "FP32");

    assertThat(arguments.path("out")).hasToString("there");
    assertThat(arguments.count("steps", 1)).isEqualTo(7);
    assertThat(arguments.choice("precision", Precision.class)).isEqualTo(Precision.FP32);
    assertThat(arguments.positive("rate")).isEqualTo(3e-4);
  }

  @Test
  void refusalsNameTheOption() {
    assertThatThrownBy(() -> parse("--steps", "7")).hasMessage("--out is required");
    assertThatThrownBy(() -> parse("--stpes", "7"))
        .hasMessage(
            "'--stpes' is not an option; required are [out], allowed [dropout, precision, rate, steps]");
    assertThatThrownBy(() -> parse("--out")).hasMessage("--out: its value is missing");
  }

  @Test
  void badValuesAreNamed() {
    Arguments arguments =
        parse("--out", "there", "--steps", "2", "--precision", "fp8", "--rate", "-1");

    assertThatThrownBy(() -> arguments.count("steps", 4))
        .hasMessage("--steps: 2 is too small; at least 4 is allowed");
    assertThatThrownBy(() -> arguments.count("precision", 4))
        .hasMessage("--precision: 'fp8' is not a whole number");
    assertThatThrownBy(() -> arguments.choice("precision", Precision.class))
        .hasMessage("--precision: 'fp8' is not one of [FP32, BF16]");
    assertThatThrownBy(() -> arguments.positive("rate"))
        .hasMessage("--rate: -1 is not allowed; give a number above 0");
    assertThatThrownBy(() -> arguments.share("steps"))
        .hasMessage("--steps: 2 is not allowed; give a share from 0 to below 1");
    assertThat(arguments.share("dropout")).isZero();
  }

  private static Arguments parse(String... args) {
    return Arguments.parse(
        args,
        List.of("out"),
        Map.of("steps", "60", "precision", "bf16", "rate", "3e-4", "dropout", "0"));
  }
}
