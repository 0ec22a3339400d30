package dev.retort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClassificationMetricsTest {

  private static final List<String> ABCD = List.of("a", "b", "c", "d");

  /// Predicts a, b, b, b, a; class d neither occurs nor is predicted.
  private static final float[][] LOGITS = {
    {3, 1, 0, 0}, {1, 3, 0, 0}, {0, 2, 1, 0}, {0, 2, 1, 0}, {5, 1, 2, 0}
  };

  private static final int[] LABELS = {0, 0, 1, 1, 2};

  private final ClassificationMetrics metrics = ClassificationMetrics.of(LOGITS, LABELS, ABCD);

  @Test
  void accuracyAndF1ByHand() {
    assertThat(metrics.accuracy()).isEqualTo(3 / 5.0);
    assertThat(metrics.microF1()).isEqualTo(3 / 5.0);
    // Over a, b and c only: (1/2 + 4/5 + 0) / 3.
    assertThat(metrics.macroF1()).isCloseTo(1.3 / 3, within(1e-12));
  }

  @Test
  void perClassScoresByHand() {
    assertThat(metrics.classes())
        .containsExactly(
            new ClassScore("a", 1 / 2.0, 1 / 2.0, 1 / 2.0, 2),
            new ClassScore("b", 2 / 3.0, 1, 4 / 5.0, 2),
            new ClassScore("c", 0, 0, 0, 1),
            new ClassScore("d", 0, 0, 0, 0));
  }

  @Test
  void confusionCountsLabelsByRow() {
    assertThat(metrics.confusion().counts())
        .containsExactly(
            List.of(1, 1, 0, 0), List.of(0, 2, 0, 0), List.of(1, 0, 0, 0), List.of(0, 0, 0, 0));
    assertThat(metrics.confusion().count(2, 0)).isEqualTo(1);
  }

  @Test
  void calibrationByHand() {
    float[][] probabilities = {{0.95f, 0.05f}, {0.95f, 0.05f}, {0.55f, 0.45f}, {0.45f, 0.55f}};
    Predictions predictions = Predictions.ofProbabilities(probabilities, new int[] {0, 1, 0, 1});

    Calibration calibration =
        ClassificationMetrics.of(predictions, List.of("yes", "no")).calibration();

    // Half of the rows are .45 too sure, the other half .45 too unsure.
    assertThat(calibration.expectedCalibrationError()).isCloseTo(0.45, within(1e-6));
    double logs = Math.log(0.95) + Math.log(0.05) + 2 * Math.log(0.55);
    assertThat(calibration.negativeLogLikelihood()).isCloseTo(-logs / 4, within(1e-6));
    assertThat(calibration.bins()).hasSize(15);
    assertThat(calibration.bins().get(14).rows()).isEqualTo(2);
    assertThat(calibration.bins().get(14).accuracy()).isEqualTo(0.5);
    assertThat(calibration.bins().get(8).rows()).isEqualTo(2);
  }

  @Test
  void aCertainAndRightModelIsPerfectlyCalibrated() {
    Predictions certain =
        Predictions.ofProbabilities(new float[][] {{1, 0}, {0, 1}}, new int[] {0, 1});

    Calibration calibration = ClassificationMetrics.of(certain, List.of("a", "b")).calibration();

    assertThat(calibration.expectedCalibrationError()).isZero();
    assertThat(calibration.negativeLogLikelihood()).isZero();
  }

  @Test
  void logitsAndTheirSoftmaxGiveTheSameNumbers() {
    float[][] probabilities = new float[LOGITS.length][];
    for (int row = 0; row < LOGITS.length; row++) {
      probabilities[row] = softmax(LOGITS[row]);
    }

    ClassificationMetrics same =
        ClassificationMetrics.of(Predictions.ofProbabilities(probabilities, LABELS), ABCD);

    assertThat(same.calibration().negativeLogLikelihood())
        .isCloseTo(metrics.calibration().negativeLogLikelihood(), within(1e-6));
    assertThat(same.calibration().expectedCalibrationError())
        .isCloseTo(metrics.calibration().expectedCalibrationError(), within(1e-6));
    assertThat(same.confusion()).isEqualTo(metrics.confusion());
  }

  @Test
  void logitsDoNotOverflow() {
    Predictions huge = Predictions.ofLogits(new float[][] {{3e38f, -3e38f}}, new int[] {0});

    assertThat(huge.confidence(0)).isEqualTo(1);
    assertThat(huge.labelLogProbability(0)).isZero();
  }

  @Test
  void everyIntervalContainsItsMetric() {
    Predictions predictions = Predictions.ofLogits(LOGITS, LABELS);

    Evaluation intervals =
        new Evaluation(
            "student",
            Evaluation.Kind.STUDENT,
            ClassificationMetrics.intervals(predictions, Bootstrap.ofSeed(7)),
            Optional.empty());

    assertThat(intervals.measurement(Metric.ACCURACY).orElseThrow().value())
        .isEqualTo(metrics.accuracy());
    assertThat(intervals.measurement(Metric.MACRO_F1).orElseThrow().value())
        .isEqualTo(metrics.macroF1());
    assertThat(intervals.measurement(Metric.EXPECTED_CALIBRATION_ERROR).orElseThrow().value())
        .isCloseTo(metrics.calibration().expectedCalibrationError(), within(1e-12));
    assertThat(intervals.measurement(Metric.NEGATIVE_LOG_LIKELIHOOD).orElseThrow().value())
        .isCloseTo(metrics.calibration().negativeLogLikelihood(), within(1e-12));
    assertThat(intervals.measurements().values())
        .allSatisfy(m -> assertThat(m.high()).isGreaterThan(m.low()));
    assertThat(intervals.measurement(Metric.EXPECTED_CALIBRATION_ERROR).orElseThrow().low())
        .isNotNegative();
  }

  @Test
  void refusesScoresThatCannotBeRanked() {
    assertThatThrownBy(() -> Predictions.ofLogits(new float[][] {{1, 2}}, new int[] {2}))
        .hasMessageContaining("row 0 has 2 scores and label 2");
    assertThatThrownBy(() -> Predictions.ofLogits(new float[][] {{1, 2}, {1}}, new int[] {0, 0}))
        .hasMessageContaining("row 1 has 1 scores");
    assertThatThrownBy(() -> Predictions.ofLogits(new float[][] {{1, Float.NaN}}, new int[] {0}))
        .hasMessageContaining("row 0: the score of class 1 is NaN");
    assertThatThrownBy(() -> Predictions.ofProbabilities(new float[][] {{3, 1}}, new int[] {0}))
        .hasMessageContaining("sum to 4.0; are they logits?");
    assertThatThrownBy(() -> Predictions.ofLogits(new float[0][], new int[0]))
        .hasMessageContaining("at least one");
    assertThatThrownBy(() -> ClassificationMetrics.of(LOGITS, LABELS, List.of("a", "b")))
        .hasMessageContaining("2 class names but the model tells 4 classes apart");
  }

  private static float[] softmax(float[] logits) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    float[] probabilities = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = (float) (Math.exp(logits[i]) / sum);
    }
    return probabilities;
  }
}
