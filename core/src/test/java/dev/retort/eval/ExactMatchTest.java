package dev.retort.eval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExactMatchTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "9 * 2 = 18 #### 18 | 18",
        "####18 | 18",
        "#### 1,234 | 1234",
        "#### $1,000.50 | 1000.50",
        "#### -3 | -3",
        "#### -$7. | -7",
        "#### $-7 | -7",
        "#### .5 | .5",
        "The answer is 42. | 42",
        "so THE ANSWER IS: $5 | 5",
        "The final answer is **8** | 8",
        "The answer is 5. No: the answer is 6.. | 6",
        "#### 1 and then #### 2 | 2",
        "#### 12 apples and 3 pears | 12",
        "they are 18 | none",
        "The answer is yes | none",
        "#### | none",
        "breathe answer is 4 | none"
      })
  void theMarkedNumberIsTheAnswer(String text, String number) {
    assertThat(ExactMatch.markedNumber(text).orElse(null)).isEqualTo(number);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 * 6 = 18 #### 18 | I think it is 18. The answer is 18. | true",
        "#### 1,800 | The answer is $1800. | true",
        "#### 18 | #### 18.00 | false",
        "#### 18 | 18 | false",
        "#### 18 | #### 181 | false",
        "#### 18 | '' | false",
        "Paris | paris. | true",
        "Paris | '  Paris ' | true",
        "New York | New  York | true",
        "New York | NewYork | false",
        "Paris | It is Paris | false",
        "positive | negative | false",
        "$1,000 | 1000 | true",
        "18 | The answer is 18 | false",
        "Straße | STRASSE | false",
        "天气 很好 | 天气\u3000很好 | true"
      })
  void aTextMatchesByItsAnswerOrAsAWhole(String reference, String text, boolean match) {
    assertThat(ExactMatch.matches(reference, text)).isEqualTo(match);
  }

  @Test
  void linesDoNotSeparateAMarkFromItsNumber() {
    assertThat(ExactMatch.matches("#### 18", "5 + 13 = 18\n####\n18\n")).isTrue();
  }
}
