package dev.retort.synthesis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatchTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          72            | 72
          $1,250.00     | 1250
          1250 dollars  | 1250
          -3            | -3
          −3.50         | -3.5
          .5            | 0.5
          12 x 6 = 72.  | 72
          1,2           | 2
          3.14159       | 3.14159
          """)
  void theLastNumberCounts(String answer, String key) {
    assertThat(Match.NUMBER.key(answer)).contains(key);
  }

  @Test
  void anAnswerWithoutANumberIsNone() {
    assertThat(Match.NUMBER.key("seventy-two")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Card arrival    | card arrival
          **card  arrival.** | card arrival
          "Card Arrival"  | card arrival
          -5 %            | -5 %
          """)
  void textsAreComparedWithoutCaseSpaceAndEdges(String answer, String key) {
    assertThat(Match.TEXT.key(answer)).contains(key);
  }

  @Test
  void punctuationAloneIsNoAnswer() {
    assertThat(Match.TEXT.key(" ?! ")).isEmpty();
  }
}
