package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelsTest {

  @Test
  void sortsNumbersByValue() {
    assertThat(Labels.found(List.of("10", "9", "-1", "2.5", "9")).names())
        .containsExactly("-1", "2.5", "9", "10");
  }

  @Test
  void sortsTextsLexicographically() {
    assertThat(Labels.found(List.of("b", "10", "a", "9")).names())
        .containsExactly("10", "9", "a", "b");
  }

  @Test
  void keepsNumbersApartThatAreWrittenDifferently() {
    assertThat(Labels.found(List.of("1", "01", "1.0", "0")).names())
        .containsExactly("0", "01", "1", "1.0");
  }

  @Test
  void findsNamesAndIndices() {
    Labels labels = Labels.of(List.of("spam", "ham"));

    assertThat(labels.index("ham")).hasValue(1);
    assertThat(labels.name(1)).isEqualTo("ham");
    assertThat(labels.index("Ham")).isEmpty();
    assertThat(labels.size()).isEqualTo(2);
  }

  @Test
  void refusesNamesGivenTwice() {
    assertThatThrownBy(() -> Labels.of(List.of("a", "b", "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'a'");
  }
}
