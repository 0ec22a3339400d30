package dev.retort.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Alternative;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.TokenLogprob;
import dev.retort.api.ChatAnswer.Usage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelLogprobsTest {
  private static final List<String> LABELS = List.of("card_arrival", "card_linking", "refund");

  /// `card` with 0.8 against `ref` with 0.15; then `_arrival` with 0.6 against `_linking` with 0.3.
  /// Of 0.05 at the first token and 0.1 at the second nothing is known.
  @Test
  void followsTheTreeOfSpellings() {
    double[] probabilities =
        distribution(
            0,
            token("card", 0.8, Map.of("card", 0.8, "ref", 0.15)),
            token("_arrival", 0.6, Map.of("_arrival", 0.6, "_linking", 0.3)));
    double sum = 0.48 + 0.24 + 0.15;
    assertThat(probabilities)
        .containsExactly(new double[] {0.48 / sum, 0.24 / sum, 0.15 / sum}, within(1e-12));
  }

  @Test
  void aPrefixOfSeveralLabelsIsSharedByThem() {
    double[] probabilities =
        distribution(2, token("refund", 0.5, Map.of("refund", 0.5, "card", 0.4, "nonsense", 0.1)));
    assertThat(probabilities)
        .containsExactly(new double[] {0.2 / 0.9, 0.2 / 0.9, 0.5 / 0.9}, within(1e-12));
  }

  @Test
  void readsLabelsInsideOfJsonAndAfterASpace() {
    double[] json =
        distribution(
            2,
            token("{\"label\":", 1, Map.of()),
            token("\"ref", 0.7, Map.of("\"ref", 0.7, "\"card_l", 0.3, "card_a", 0.1)),
            token("und", 1, Map.of()),
            token("\"}", 1, Map.of()));
    assertThat(json).containsExactly(new double[] {0, 0.3, 0.7}, within(1e-12));
    double[] spaced =
        distribution(
            2,
            token("Label:", 1, Map.of()),
            token(" refund", 0.6, Map.of("card_arrival", 0.2, " Card_linking\n", 0.2)));
    assertThat(spaced).containsExactly(new double[] {0.2, 0.2, 0.6}, within(1e-12));
  }

  @Test
  void sumsToOneWhateverTheAlternatives() {
    double[] probabilities =
        distribution(1, token("card_linking", 0.01, Map.of("card_", 0.4, "r", 0.3, " ", 0.2)));
    assertThat(Arrays.stream(probabilities).sum()).isCloseTo(1, within(1e-12));
  }

  @Test
  void saysNothingWithoutLogprobs() {
    assertThat(LabelLogprobs.of(LABELS, 0, answer())).isEmpty();
    assertThat(LabelLogprobs.of(LABELS, 0, answer(token("refund", 1, Map.of())))).isEmpty();
  }

  private static double[] distribution(int label, TokenLogprob... tokens) {
    return LabelLogprobs.of(LABELS, label, answer(tokens)).orElseThrow();
  }

  private static ChatAnswer answer(TokenLogprob... tokens) {
    return new ChatAnswer("", Finish.STOP, Usage.NONE, "model", "id", List.of(tokens));
  }

  private static TokenLogprob token(String text, double probability, Map<String, Double> top) {
    return new TokenLogprob(
        text,
        Math.log(probability),
        top.entrySet().stream()
            .map(entry -> new Alternative(entry.getKey(), Math.log(entry.getValue())))
            .toList());
  }
}
