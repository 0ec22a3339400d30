package dev.retort.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionTest {
  private static final List<String> LABELS = List.of("a", "b", "c");

  @Test
  void probabilitiesAreTheSoftmaxOfTheLogits() {
    // softmax(ln 1, ln 2, ln 5) = 1/8, 2/8, 5/8
    float[] logits = {0, (float) Math.log(2), (float) Math.log(5)};

    Prediction prediction = Prediction.of(LABELS, logits, 1);

    assertThat(prediction.label()).isEqualTo("c");
    assertThat(prediction.probability()).isEqualTo(0.625, within(1e-7));
    assertThat(prediction.probability("b")).isEqualTo(0.25, within(1e-7));
    assertThat(prediction.probabilities().sequencedKeySet()).containsExactly("a", "b", "c");
    assertThat(prediction.probabilities().get("a")).isEqualTo(0.125, within(1e-7));
    assertThat(prediction).hasToString("c (0.625)");
  }

  @Test
  void temperatureDividesTheLogits() {
    float[] logits = {0, (float) Math.log(4), 0};

    // exp(ln 4 / 2) = 2
    assertThat(Prediction.of(LABELS, logits, 2).probability()).isEqualTo(0.5, within(1e-7));
  }

  @Test
  void hugeLogitsDoNotOverflow() {
    float[] logits = {-Float.MAX_VALUE, Float.MAX_VALUE, 1000};

    Prediction prediction = Prediction.of(LABELS, logits, 1);

    assertThat(prediction.probabilities().sequencedValues()).containsExactly(0.0, 1.0, 0.0);
  }

  @Test
  void equalLogitsGiveTheFirstLabel() {
    assertThat(Prediction.of(LABELS, new float[] {1, 1, 1}, 1).label()).isEqualTo("a");
  }

  @Test
  void anUnknownLabelIsNamedWithTheKnownOnes() {
    Prediction prediction = Prediction.of(LABELS, new float[] {0, 1, 2}, 1);

    assertThatThrownBy(() -> prediction.probability("d"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'d' is not one of [a, b, c]");
  }

  @Test
  void predictionsWithTheSameProbabilitiesAreEqual() {
    Prediction prediction = Prediction.of(LABELS, new float[] {0, 1, 2}, 1);

    assertThat(prediction)
        .isEqualTo(Prediction.of(LABELS, new float[] {0, 1, 2}, 1))
        .hasSameHashCodeAs(Prediction.of(LABELS, new float[] {0, 1, 2}, 1))
        .isNotEqualTo(Prediction.of(LABELS, new float[] {0, 1, 3}, 1));
  }
}
