package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataSettingsTest {

  @ParameterizedTest
  @CsvSource({"10%, 0.1", "12.5 %, 0.125", "50%, 0.5"})
  void aPercentageIsAShare(String text, double fraction) {
    assertThat(SplitSource.parse(text))
        .isInstanceOfSatisfying(
            SplitSource.Share.class, share -> assertThat(share.fraction()).isEqualTo(fraction));
  }

  @Test
  void everythingElseIsAFile() {
    assertThat(SplitSource.parse("dev.csv")).isEqualTo(new SplitSource.Files("dev.csv"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10%", "12.5%", "a/*.csv"})
  void isWrittenAsItIsRead(String text) {
    assertThat(SplitSource.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0%", "-1%", "50.1%", "100%"})
  void refusesSharesThatLeaveNothing(String text) {
    assertThatThrownBy(() -> SplitSource.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("above 0% and at most 50%");
  }

  @Test
  void namesTheSettingThatIsWrong() {
    assertRefused(() -> DataFolder.settings(" "), "train: ");
    assertRefused(() -> DataFolder.settings("80%"), "train: ");
    assertRefused(() -> DataFolder.settings("a.csv", "", "label"), "text: ");
    assertRefused(() -> DataFolder.settings("a.csv", "text", "text"), "label: ");
    DataSettings settings = DataFolder.settings("a.csv");
    assertRefused(() -> DataFolder.withPair(settings, "text"), "pair: ");
    assertRefused(() -> DataFolder.withPair(settings, "label"), "label: ");
    assertRefused(() -> DataFolder.withShares("50%", "50%"), "validation: ");
    assertThat(DataFolder.withShares("49%", "50%").validation())
        .isEqualTo(Optional.of(SplitSource.parse("49%")));
  }

  private static void assertRefused(Runnable settings, String start) {
    assertThatThrownBy(settings::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(start);
  }
}
