package dev.retort.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TruncationTest {
  @ParameterizedTest
  @CsvSource({
    "5, 4, 9, 5, 4", // fits
    "9, 0, 4, 4, 0", // one text
    "3, 9, 8, 3, 5", // only the longer one shrinks
    "9, 3, 8, 5, 3",
    "6, 9, 8, 4, 4", // both shrink
    "6, 9, 7, 3, 4", // the odd token stays with the longer one
    "9, 6, 7, 4, 3",
    "6, 6, 7, 3, 4", // or with the second
    "6, 9, 0, 0, 0",
    "0, 9, 5, 0, 5",
  })
  void theLongerTextLosesFirst(int first, int second, int room, int keptFirst, int keptSecond) {
    assertThat(Truncation.longestFirst(first, second, room))
        .isEqualTo(new Truncation(keptFirst, keptSecond));
  }

  @Test
  void specialTokensAlwaysStay() {
    long[] texts = {-1, 0, 0, 0, -1, 1, 1, 1, -1};

    assertThat(Truncation.keptPositions(texts, 6)).containsExactly(0, 1, 4, 5, 6, 8);
    assertThat(Truncation.keptPositions(texts, 3)).containsExactly(0, 4, 8);
  }

  @Test
  void specialTokensThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> Truncation.keptPositions(new long[] {-1, 0, -1}, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxLength 1 leaves no room for the 2 special tokens");
  }
}
