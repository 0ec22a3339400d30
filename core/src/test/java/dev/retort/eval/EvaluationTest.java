package dev.retort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationTest {

  @Test
  void gathersMeasurementsInTheOrderOfMetrics() {
    Predictions predictions =
        Predictions.ofLogits(new float[][] {{1, 0}, {0, 1}}, new int[] {0, 0});

    Evaluation evaluation =
        Evaluation.of("student", Evaluation.Kind.STUDENT)
            .with(Metric.SIZE_MB, Measured.exactly(21.3))
            .withClassification(predictions, List.of("a", "b"), Bootstrap.ofSeed(7));

    assertThat(evaluation.measurements().keySet())
        .containsExactly(
            Metric.ACCURACY,
            Metric.MACRO_F1,
            Metric.EXPECTED_CALIBRATION_ERROR,
            Metric.NEGATIVE_LOG_LIKELIHOOD,
            Metric.SIZE_MB);
    assertThat(evaluation.measurement(Metric.ACCURACY).orElseThrow().value()).isEqualTo(0.5);
    assertThat(evaluation.measurement(Metric.RSS_MB)).isEmpty();
    assertThat(evaluation.classification().orElseThrow().accuracy()).isEqualTo(0.5);
  }

  @Test
  void aLaterMeasurementReplacesAnEarlierOne() {
    Evaluation evaluation =
        Evaluation.of("student", Evaluation.Kind.STUDENT)
            .with(Metric.SIZE_MB, Measured.exactly(21.3))
            .with(Map.of(Metric.SIZE_MB, Measured.exactly(5.5)));

    assertThat(evaluation.measurement(Metric.SIZE_MB)).contains(Measured.exactly(5.5));
    assertThatThrownBy(() -> evaluation.measurements().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aComparisonIsProvenWhenItsIntervalLeavesOutZero() {
    assertThat(comparison(0.02, 0.01, 0.03).isProven()).isTrue();
    assertThat(comparison(-0.02, -0.03, -0.01).isProven()).isTrue();
    assertThat(comparison(0.02, -0.01, 0.05).isProven()).isFalse();
  }

  private static Comparison comparison(double value, double low, double high) {
    return new Comparison(
        "student", "baseline", Metric.ACCURACY, new Measured(value, low, high, 100));
  }
}
