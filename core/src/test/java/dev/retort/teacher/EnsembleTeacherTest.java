package dev.retort.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.Example;
import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.tensor.Scope;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EnsembleTeacherTest {

  private static final float[] FIRST = {2, 0, -1};
  private static final float[] SECOND = {-1, 1.5f, 0.5f};
  private static final TokenizedDataset DATA =
      Texts.of(Texts.example("a", 1, ""), Texts.example("bc", Example.UNLABELLED, ""));

  private final FakeTeacher first = FakeTeacher.of("first", FIRST, new float[] {0, 0, 0});
  private final FakeTeacher second = FakeTeacher.of("second", SECOND, new float[] {9, 0, 0});

  @Test
  void aMixtureOfTwoIsTheMeanOfTheirProbabilities() {
    double[] mixed = probabilities(ensemble(new Weighting.Fixed(), Average.PROBABILITIES, 1, 1));

    double[] p = softmax(FIRST);
    double[] q = softmax(SECOND);
    for (int v = 0; v < 3; v++) {
      assertThat(mixed[v]).isCloseTo((p[v] + q[v]) / 2, within(1e-6));
    }
  }

  @Test
  void weightsCountInProportion() {
    double[] mixed = probabilities(ensemble(new Weighting.Fixed(), Average.PROBABILITIES, 6, 2));

    assertThat(mixed[1])
        .isCloseTo(0.75 * softmax(FIRST)[1] + 0.25 * softmax(SECOND)[1], within(1e-6));
    assertThat(mixed[0] + mixed[1] + mixed[2]).isCloseTo(1, within(1e-6));
  }

  @Test
  void aLogitAverageIsTheWeightedMeanOfLogits() {
    try (Scope _ = Scope.open()) {
      Distribution answer = ask(ensemble(new Weighting.Fixed(), Average.LOGITS, 3, 1), 0);

      float[] logits = ((Distribution.Dense) answer).logitsNV().toFloats();
      for (int v = 0; v < 3; v++) {
        assertThat((double) logits[v]).isCloseTo(0.75 * FIRST[v] + 0.25 * SECOND[v], within(1e-6));
      }
    }
  }

  @Test
  void qualityIsAPowerOfTheAccuracy() {
    double[] plain = weights(new Weighting.Quality(1), 0);
    double[] sharp = weights(new Weighting.Quality(2), 0);

    // The first teacher is right 0.9 of the time, the second 0.6.
    assertThat(plain).containsExactly(new double[] {0.6, 0.4}, within(1e-6));
    assertThat(sharp).containsExactly(new double[] {0.81 / 1.17, 0.36 / 1.17}, within(1e-6));
  }

  @Test
  void teachersThatAreNeverRightCountAlike() {
    EnsembleTeacher<TextBatch> hopeless =
        new EnsembleTeacher<>(
            List.of(new Member<>(first, 1, 0), new Member<>(second, 1, 0)),
            new Weighting.Quality(1),
            Average.PROBABILITIES);

    assertThat(weights(hopeless, 0)).containsExactly(new double[] {0.5, 0.5}, within(1e-6));
  }

  @Test
  void confidenceIsOneMinusTheNormalisedEntropy() {
    double[] weights = weights(new Weighting.Confidence(Weighting.Confidence.Sign.ENTROPY), 0);

    double trustOfFirst = 1 - entropy(softmax(FIRST)) / Math.log(3);
    double trustOfSecond = 1 - entropy(softmax(SECOND)) / Math.log(3);
    double sum = trustOfFirst + trustOfSecond;
    assertThat(weights)
        .containsExactly(new double[] {trustOfFirst / sum, trustOfSecond / sum}, within(1e-5));
  }

  @Test
  void aTeacherThatGuessesIsHardlyHeard() {
    double[] weights = weights(new Weighting.Confidence(Weighting.Confidence.Sign.ENTROPY), 1);

    assertThat(weights[0]).isLessThan(1e-5);
    assertThat(weights[0] + weights[1]).isCloseTo(1, within(1e-6));
  }

  /// Zhang, Chen and Wang 2022: (1 − exp(CE) / Σ exp(CE)) / (K − 1), where K is 2.
  @Test
  void confidenceByLabelIsThatOfConfidenceAwareDistillation() {
    double[] weights = weights(new Weighting.Confidence(Weighting.Confidence.Sign.LABEL), 0);

    // exp(−log p) = 1/p: the label of the first text is 1.
    double ofFirst = 1 / softmax(FIRST)[1];
    double ofSecond = 1 / softmax(SECOND)[1];
    double sum = ofFirst + ofSecond;
    assertThat(weights)
        .containsExactly(new double[] {1 - ofFirst / sum, 1 - ofSecond / sum}, within(1e-5));
  }

  @Test
  void withoutALabelConfidenceIsThatOfTheAnswer() {
    assertThat(weights(new Weighting.Confidence(Weighting.Confidence.Sign.LABEL), 1))
        .containsExactly(
            weights(new Weighting.Confidence(Weighting.Confidence.Sign.ENTROPY), 1), within(1e-6));
  }

  @Test
  void everyRowHasWeightsOfItsOwnThatAddUpToOne() {
    EnsembleTeacher<TextBatch> ensemble =
        ensemble(
            new Weighting.Confidence(Weighting.Confidence.Sign.LABEL), Average.PROBABILITIES, 2, 5);
    try (Scope _ = Scope.open()) {
      Distribution.Mixture mixture = (Distribution.Mixture) ask(ensemble, 0, 1);

      float[][] weightsNM = mixture.weightsNM().toFloatRows();
      assertThat(weightsNM).hasNumberOfRows(2);
      assertThat(weightsNM[0][0]).isNotEqualTo(weightsNM[1][0]);
      for (float[] row : weightsNM) {
        assertThat((double) row[0] + row[1]).isCloseTo(1, within(1e-6));
      }
    }
  }

  @Test
  void theFingerprintChangesWithMembersWeightsAndRule() {
    List<String> fingerprints =
        List.of(
            ensemble(new Weighting.Fixed(), Average.PROBABILITIES, 1, 1).fingerprint(),
            ensemble(new Weighting.Fixed(), Average.PROBABILITIES, 1, 2).fingerprint(),
            ensemble(new Weighting.Fixed(), Average.LOGITS, 1, 1).fingerprint(),
            ensemble(new Weighting.Quality(1), Average.PROBABILITIES, 1, 1).fingerprint(),
            ensemble(new Weighting.Quality(2), Average.PROBABILITIES, 1, 1).fingerprint(),
            new EnsembleTeacher<>(
                    List.of(new Member<>(first, 1, 0.9), new Member<>(first, 1, 0.6)),
                    new Weighting.Fixed(),
                    Average.PROBABILITIES)
                .fingerprint());

    assertThat(fingerprints).doesNotHaveDuplicates();
    assertThat(ensemble(new Weighting.Fixed(), Average.PROBABILITIES, 1, 1).fingerprint())
        .isEqualTo(fingerprints.getFirst());
  }

  @Test
  void onlyAnAverageOfLogitsHasLogits() {
    assertThat(ensemble(new Weighting.Fixed(), Average.PROBABILITIES, 1, 1).offers())
        .containsExactly(Need.DISTRIBUTION);
    assertThat(ensemble(new Weighting.Fixed(), Average.LOGITS, 1, 1).offers())
        .containsExactlyInAnyOrder(Need.DISTRIBUTION, Need.LOGITS);
  }

  @Test
  void oneTeacherIsNoEnsemble() {
    assertThatThrownBy(() ->
            new EnsembleTeacher<>(
                List.of(new Member<>(first, 1, 1)), new Weighting.Fixed(), Average.LOGITS))
        .hasMessage("members has 1 teachers; an ensemble needs two");
  }

  @Test
  void aSurveyAsksAboutEveryRowInItsPlace() {
    float[][] logits =
        Survey.logits(ensemble(new Weighting.Fixed(), Average.PROBABILITIES, 1, 1), DATA);

    double[] p = softmax(FIRST);
    double[] q = softmax(SECOND);
    assertThat(logits).hasNumberOfRows(2);
    assertThat((double) logits[0][2]).isCloseTo(Math.log((p[2] + q[2]) / 2), within(1e-5));
    assertThat(logits[1][0]).isGreaterThan(logits[1][1]);
  }

  private EnsembleTeacher<TextBatch> ensemble(
      Weighting weighting, Average average, double weightOfFirst, double weightOfSecond) {
    return new EnsembleTeacher<>(
        List.of(new Member<>(first, weightOfFirst, 0.9), new Member<>(second, weightOfSecond, 0.6)),
        weighting,
        average);
  }

  private static Distribution ask(Teacher<TextBatch> teacher, int... rows) {
    return teacher
        .ask(Texts.question(DATA, rows), Set.of(Need.DISTRIBUTION))
        .distribution()
        .orElseThrow();
  }

  private static double[] probabilities(Teacher<TextBatch> teacher) {
    try (Scope _ = Scope.open()) {
      Distribution.Mixture mixture = (Distribution.Mixture) ask(teacher, 0);
      return mixture.logProbabilitiesNV(1).exp().toDoubles();
    }
  }

  private double[] weights(Weighting weighting, int row) {
    return weights(ensemble(weighting, Average.PROBABILITIES, 1, 1), row);
  }

  private static double[] weights(Teacher<TextBatch> teacher, int row) {
    try (Scope _ = Scope.open()) {
      return ((Distribution.Mixture) ask(teacher, row)).weightsNM().toDoubles();
    }
  }

  static double[] softmax(float[] logits) {
    double sum = IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i])).sum();
    return IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i]) / sum).toArray();
  }

  private static double entropy(double[] p) {
    double entropy = 0;
    for (double each : p) {
      entropy -= each * Math.log(each);
    }
    return entropy;
  }
}
