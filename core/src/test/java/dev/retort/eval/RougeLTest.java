package dev.retort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class RougeLTest {

  /// What rouge-score says about two texts; made by `bench/peers/rouge_goldens.py`.
  record Golden(String reference, String text, double fMeasure) {}

  static List<Golden> goldens() throws IOException {
    try (InputStream file = RougeLTest.class.getResourceAsStream("/golden/rouge.json")) {
      return JsonMapper.shared()
          .readValue(Objects.requireNonNull(file), new TypeReference<List<Golden>>() {});
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void equalsRougeScore(Golden golden) {
    assertThat(RougeL.fMeasure(golden.reference(), golden.text()))
        .isCloseTo(golden.fMeasure(), within(1e-12));
  }

  /// The example of Lin 2004, section 3.1: of "police killed the gunman", "police kill the gunman"
  /// has three words in order, and "the gunman kill police" two.
  @Test
  void orderCounts() {
    assertThat(RougeL.fMeasure("police killed the gunman", "police kill the gunman"))
        .isEqualTo(0.75);
    assertThat(RougeL.fMeasure("police killed the gunman", "the gunman kill police"))
        .isEqualTo(0.5);
  }

  /// 2 common words of 2 and 6: P = 1, R = 1/3, F = 1/2.
  @Test
  void whatIsMissingCountsAsWhatIsTooMuch() {
    assertThat(RougeL.fMeasure("the cat sat on the mat", "cat mat")).isEqualTo(0.5);
    assertThat(RougeL.fMeasure("cat mat", "the cat sat on the mat")).isEqualTo(0.5);
  }
}
