package dev.retort.model.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.model.Precision;
import dev.retort.model.table.StaticSettings.Frequencies;
import org.junit.jupiter.api.Test;

class TokenWeightsTest {

  @Test
  void ofRanksTheyFollowZipfsLaw() {
    // Shares 1/2 : 1/3 : 1/4 of 13/12.
    double[] expected = {0.1 / (0.1 + 6.0 / 13), 0.1 / (0.1 + 4.0 / 13), 0.1 / (0.1 + 3.0 / 13)};

    assertThat(TokenWeights.ofRanks(3, 0.1)).containsExactly(expected, within(1e-12));
  }

  @Test
  void ofCountsTheyFollowTheTexts() {
    // One more than counted: 8, 1 and 1 of 10.
    double[] expected = {0.1 / 0.9, 0.5, 0.5};

    assertThat(TokenWeights.ofCounts(new long[] {7, 0, 0}, 0.1))
        .containsExactly(expected, within(1e-12));
  }

  @Test
  void settingsCountTheTokensThatAreAskedFor() {
    var settings =
        new StaticSettings(2, 0.1, new Frequencies.Counted(new long[] {5, 7, 3}), Precision.FP32);

    assertThat(settings.weights(new int[] {1, 2, 9}))
        .containsExactly(TokenWeights.ofCounts(new long[] {7, 3, 0}, 0.1));
  }

  @Test
  void settingsAreChecked() {
    var frequencies = new Frequencies.OfVocabulary();

    assertThatThrownBy(() -> new StaticSettings(0, 0.1, frequencies, Precision.FP32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dimensions: 0 must be at least 1");
    assertThatThrownBy(() -> new StaticSettings(1, 1, frequencies, Precision.FP32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("smoothing: 1.0 between 0 and 1");
  }
}
