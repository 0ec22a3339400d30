package dev.retort.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {

  @ParameterizedTest
  @CsvSource({
    "kitten, sitting, 3",
    "ab, ba, 1",
    "'', abc, 3",
    "abc, '', 3",
    "abc, abc, 0",
    "ca, abc, 3"
  })
  void countsEdits(String a, String b, int edits) {
    assertThat(Suggestion.distance(a, b)).isEqualTo(edits);
  }

  @ParameterizedTest
  @CsvSource({
    "learnnigRate, learningRate",
    "learning_rate, learningRate",
    "LEARNING-RATE, learningRate",
    "epoch, epochs",
    "sede, seed"
  })
  void guessesWhatWasMeant(String given, String meant) {
    assertThat(Suggestion.closest(given, List.of("epochs", "learningRate", "seed")))
        .contains(meant);
  }

  @Test
  void doesNotGuessWildly() {
    assertThat(Suggestion.closest("optimizer", List.of("epochs", "learningRate", "seed")))
        .isEmpty();
    assertThat(Suggestion.suffix("x", List.of())).isEmpty();
  }
}
