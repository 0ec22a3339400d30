package dev.retort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParityReportTest {

  @Test
  void differencesAreTakenOverAllLogits() {
    ParityReport report =
        ParityReport.of(
            "model-int8.onnx",
            List.of(new float[] {1, 3}, new float[] {2, -2}),
            List.of(new float[] {1, 2}, new float[] {-1, -2}));

    assertThat(report.samples()).isEqualTo(2);
    assertThat(report.maxDifference()).isEqualTo(3);
    assertThat(report.meanDifference()).isEqualTo(1);
    // Squares of the differences: 1 + 9. Of the logits around their rows' means: 1 + 1 + 4 + 4.
    assertThat(report.relativeError()).isCloseTo(Math.sqrt(10.0 / 10), within(1e-12));
    assertThat(report.agreement()).isEqualTo(1);
  }

  @Test
  void agreementCountsRowsWithTheSameLargestLogit() {
    ParityReport report =
        ParityReport.of(
            "model-int8.onnx",
            List.of(new float[] {1, 2, 3}, new float[] {3, 2, 1}, new float[] {0, 5, 0}),
            List.of(new float[] {1, 2, 1}, new float[] {9, 2, 1}, new float[] {6, 5, 0}));

    assertThat(report.agreement()).isCloseTo(1.0 / 3, within(1e-12));
  }

  @Test
  void equalLogitsHaveNoErrorEvenWithoutSpread() {
    List<float[]> flat = List.of(new float[] {2, 2});

    assertThat(ParityReport.of("model.onnx", flat, flat).relativeError()).isZero();
    assertThat(ParityReport.of("model.onnx", flat, List.of(new float[] {2, 3})).relativeError())
        .isInfinite();
  }

  @Test
  void samplesAreNeeded() {
    assertThatThrownBy(() -> new Samples.Texts(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("give at least one");
  }
}
