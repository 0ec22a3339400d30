package dev.retort.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Requirement;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Half-widths of .0075, .012, .05 and .0004: 7.5 points ask for .1, 1.2 for .1, 5 for 1.
        "RETENTION | 0.98412 | 0.9761 | 0.9911 | 98.4 % (97.6–99.1)",
        "ACCURACY | 0.9111 | 0.899 | 0.923 | 91.1 % (89.9–92.3)",
        "ACCURACY | 0.9111 | 0.86 | 0.96 | 91 % (86–96)",
        "ACCURACY | 0.91114 | 0.9107 | 0.9115 | 91.1 %",
        "P95_LATENCY_MS | 1.9032 | 1.86 | 1.97 | 1.90 ms (1.86–1.97)",
        "P95_LATENCY_MS | 11.92 | 11.1 | 13.8 | 11.9 ms (11.1–13.8)",
        "THROUGHPUT | 8123.4 | 7990 | 8260 | 8,120 texts/s (7,990–8,260)",
        "SIZE_MB | 21.3456 | 21.3456 | 21.3456 | 21.3 MB",
        "PARAMETERS | 17360000 | 17360000 | 17360000 | 17.4 M",
        "EXPECTED_CALIBRATION_ERROR | 0.0213 | 0.014 | 0.029 | 0.021 (0.014–0.029)",
        "COST_PER_1000 | 0.00019624 | 0.000195 | 0.000198 | 0.000196 (0.000195–0.000198)",
        "SAVING_PER_1000 | -0.02 | -0.03 | 0.01 | −0.02 (−0.03 to 0.01)",
        "P99_LATENCY_MS | 3.21 | 2.9 | Infinity | 3.2 ms (2.9–∞)",
        "P99_LATENCY_MS | 0.31 | 0.02 | 12.4 | 0.3 ms (0.0–12.4)"
      })
  void showsWhatTheIntervalJustifies(
      Metric metric, double value, double low, double high, String expected) {
    assertThat(Format.full(metric, new Measured(value, low, high, 100)).replace(Format.THIN, " "))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "retention, >= 0.97, ≥ 97 %",
    "retention, >= 0.575, ≥ 57.5 %",
    "p95LatencyMs, <= 5, ≤ 5 ms",
    "sizeMb, <= 30.0, ≤ 30 MB",
    "parameters, <= 2e7, ≤ 20 M",
    "ece, <= 0.05, ≤ 0.05"
  })
  void limitsAreShownAsTheyWereMeant(String metric, String text, String expected) {
    assertThat(Format.limit(Requirement.parse(metric, text)).replace(Format.THIN, " "))
        .isEqualTo(expected);
  }

  @Test
  void differencesCarryTheirSigns() {
    Measured gain = new Measured(0.0218, 0.0129, 0.0311, 3080);

    assertThat(Format.difference(Metric.ACCURACY, gain)).isEqualTo("+2.2 points (+1.3 to +3.1)");
    assertThat(Format.difference(Metric.ACCURACY, new Measured(-0.001, -0.012, 0.01, 3080)))
        .isEqualTo("−0.1 points (−1.2 to +1.0)");
  }

  @Test
  void probabilitiesNeverRoundUpToCertainty() {
    assertThat(Format.probability(0.9951)).isEqualTo(">" + Format.THIN + "99" + Format.THIN + "%");
    assertThat(Format.probability(0.994)).isEqualTo("99" + Format.THIN + "%");
  }

  @ParameterizedTest
  @CsvSource({"999, 999 B", "21345678, 21.3 MB", "999499, 999 kB", "999500, 1.00 MB", "0, 0 B"})
  void filesArePowersOfAThousand(long bytes, String expected) {
    assertThat(Format.bytes(bytes).replace(Format.THIN, " ")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"PT3S, 3 s", "PT4M12S, 4 min 12 s", "PT3H2M50S, 3 h 2 min", "PT59.7S, 1 min 0 s"})
  void durationsHaveTwoUnits(Duration duration, String expected) {
    assertThat(Format.duration(duration).replace(Format.THIN, " ")).isEqualTo(expected);
  }

  @Test
  void theLocaleOfTheMachineChangesNothing() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(Format.rounded(1234.5, 1)).isEqualTo("1,234.5");
      assertThat(Format.whole(9003)).isEqualTo("9,003");
      assertThat(Svg.number(12.34)).isEqualTo("12.3");
    } finally {
      Locale.setDefault(before);
    }
  }
}
