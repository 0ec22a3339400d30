package dev.retort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextScoresTest {

  private static final Bootstrap BOOTSTRAP = Bootstrap.ofSeed(7);
  private static final List<String> REFERENCES =
      List.of("the cat sat", "#### 18", "yes", "a b c d");
  private static final TextScores GOOD =
      TextScores.of(REFERENCES, List.of("the cat sat", "so #### 18", "Yes.", "a b"), true);
  private static final TextScores BAD =
      TextScores.of(REFERENCES, List.of("the dog sat", "18", "no", ""), true);

  @Test
  void scoresAreMeansOverTexts() {
    Map<Metric, Measured> measured = GOOD.measurements(BOOTSTRAP);

    // 1, 2·1/(1 + 2), 1 and 2·2/(4 + 2)
    assertThat(GOOD.rougeL()).containsExactly(1.0, 2 / 3.0, 1.0, 2 / 3.0);
    assertThat(measured).containsOnlyKeys(Metric.EXACT_MATCH, Metric.ROUGE_L);
    Measured rougeL = measured.getOrDefault(Metric.ROUGE_L, Measured.exactly(0));
    assertThat(rougeL.value()).isCloseTo(10 / 12.0, within(1e-12));
    assertThat(rougeL.low()).isBetween(2 / 3.0 - 1e-12, 0.8);
    assertThat(rougeL.samples()).isEqualTo(4);
    assertThat(measured).containsEntry(Metric.EXACT_MATCH, Measured.share(3, 4));
  }

  @Test
  void differencesArePaired() {
    Map<Metric, Measured> differences = GOOD.minus(BAD, BOOTSTRAP);
    Measured rougeL = differences.getOrDefault(Metric.ROUGE_L, Measured.exactly(0));
    Measured exact = differences.getOrDefault(Metric.EXACT_MATCH, Measured.exactly(0));

    // 1 − 2/3, 2/3 − 1, 1 − 0 and 2/3 − 0
    assertThat(rougeL.value()).isCloseTo((1 / 3.0 - 1 / 3.0 + 1 + 2 / 3.0) / 4, within(1e-12));
    assertThat(exact.value()).isEqualTo(0.75);
    assertThat(GOOD.minus(GOOD, BOOTSTRAP)).containsEntry(Metric.ROUGE_L, new Measured(0, 0, 0, 4));
    // However few texts there are, that two models never differed proves nothing.
    assertThat(GOOD.minus(GOOD, BOOTSTRAP).getOrDefault(Metric.EXACT_MATCH, exact).low())
        .isNegative();
  }

  @Test
  void textsWithoutAnswersAreNotMatched() {
    TextScores scores = TextScores.of(REFERENCES, REFERENCES, false);

    assertThat(scores.measurements(BOOTSTRAP)).containsOnlyKeys(Metric.ROUGE_L);
    assertThat(scores.minus(GOOD, BOOTSTRAP)).containsOnlyKeys(Metric.ROUGE_L);
  }

  @Test
  void refusesTextsThatAreNotThere() {
    assertThatThrownBy(() -> TextScores.of(REFERENCES, List.of("a"), true))
        .hasMessageContaining("at least one, but are 1 and 4");
    assertThatThrownBy(() -> TextScores.of(List.of(), List.of(), true))
        .hasMessageContaining("at least one, but are 0 and 0");
    assertThatThrownBy(() ->
            GOOD.minus(
                TextScores.of(Collections.nCopies(3, "a"), Collections.nCopies(3, "a"), false),
                BOOTSTRAP))
        .hasMessageContaining("one has 4 and the other 3");
  }
}
