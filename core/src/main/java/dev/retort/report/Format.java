package dev.retort.report;

import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Requirement;
import dev.retort.eval.Unit;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/// Numbers for people: never more digits than the interval justifies, the same in every locale.
///
/// The last digit shown is the leading digit of the interval's half-width, or the one after it when
/// that leading digit is 1; and three significant digits are always enough. A number that is not 0
/// is not shown as 0, however wide its interval.
final class Format {

  /// A narrow no-break space, which stands between a number and its unit.
  static final String THIN = "\u202f";

  private Format() {}

  /// The value with its unit and its interval: `98.4 % (97.6–99.1)`.
  static String full(Metric metric, Measured measured) {
    String interval = interval(metric, measured);
    return value(metric, measured) + (interval.isEmpty() ? "" : " (" + interval + ")");
  }

  /// The value with its unit: `98.4 %`.
  static String value(Metric metric, Measured measured) {
    return number(metric, measured) + suffix(metric.unit());
  }

  /// The value without its unit: `98.4`.
  static String number(Metric metric, Measured measured) {
    if (metric.unit() == Unit.COUNT && measured.isExact()) {
      return count(measured.value());
    }
    double scale = scale(metric);
    return rounded(measured.value() * scale, visibleDecimals(measured, scale));
  }

  /// The interval without its unit, `97.6–99.1`; empty where these digits show no width.
  static String interval(Metric metric, Measured measured) {
    if (measured.isExact()) {
      return "";
    }
    double scale = scale(metric);
    int decimals = visibleDecimals(measured, scale);
    String low = rounded(measured.low() * scale, decimals);
    String high = rounded(measured.high() * scale, decimals);
    return low.equals(high) ? "" : low + (low.startsWith("−") ? " to " : "–") + high;
  }

  /// A difference with its sign and interval: `+2.2 points (+1.3 to +3.1)`; points are per cent of
  /// the whole.
  static String difference(Metric metric, Measured difference) {
    double scale = scale(metric);
    int decimals = decimals(difference, scale);
    String unit = metric.unit().isPercentage() ? " points" : suffix(metric.unit());
    return "%s%s (%s to %s)"
        .formatted(
            signed(difference.value() * scale, decimals),
            unit,
            signed(difference.low() * scale, decimals),
            signed(difference.high() * scale, decimals));
  }

  /// What a requirement asks for: `≥ 97 %`.
  static String limit(Requirement requirement) {
    Unit unit = requirement.metric().unit();
    BigDecimal limit = new BigDecimal(String.valueOf(requirement.limit()));
    BigDecimal scaled = unit.isPercentage() ? limit.movePointRight(2) : limit;
    String number =
        unit == Unit.COUNT
            ? count(requirement.limit())
            : scaled.stripTrailingZeros().toPlainString();
    return requirement.bound().symbol() + THIN + number + suffix(unit);
  }

  /// The unit as it stands behind a number, with its space: ` ms`.
  static String suffix(Unit unit) {
    String name = unitName(unit);
    return name.isEmpty() ? "" : THIN + name;
  }

  /// The unit's symbol, empty where there is none.
  static String unitName(Unit unit) {
    return switch (unit) {
      case SHARE, RATIO -> "%";
      case MILLISECONDS -> "ms";
      case TEXTS_PER_SECOND -> "texts/s";
      case TOKENS_PER_SECOND -> "tokens/s";
      case MEGABYTES -> "MB";
      case NUMBER, COUNT, PRICE -> "";
    };
  }

  /// What a metric's number is multiplied by for people: 100 for percentages, otherwise 1.
  static double scale(Metric metric) {
    return metric.unit().isPercentage() ? 100 : 1;
  }

  /// A probability in whole per cent, never rounded up to certainty.
  static String probability(double probability) {
    return (probability >= 0.995 ? ">" + THIN + "99" : rounded(100 * probability, 0)) + THIN + "%";
  }

  /// A count in three significant digits: `9,876`, `17.4 M`.
  static String count(double count) {
    if (count < 10_000 || !Double.isFinite(count)) {
      return rounded(count, 0);
    }
    double divisor = count < 1e6 ? 1e3 : count < 1e9 ? 1e6 : 1e9;
    String unit = count < 1e6 ? "k" : count < 1e9 ? "M" : "B";
    BigDecimal digits = significant(count / divisor);
    return digits.stripTrailingZeros().toPlainString() + THIN + unit;
  }

  /// A whole number with its thousands apart: `9,003`.
  static String whole(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /// A file's size: `21.3 MB`, in powers of a thousand.
  static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + THIN + "B";
    }
    double divisor = bytes < 999_500 ? 1e3 : bytes < 999_500_000 ? 1e6 : 1e9;
    String unit = bytes < 999_500 ? "kB" : bytes < 999_500_000 ? "MB" : "GB";
    double scaled = bytes / divisor;
    return rounded(scaled, exactDecimals(scaled)) + THIN + unit;
  }

  /// A duration in its two largest units: `4 min 12 s`.
  static String duration(Duration duration) {
    long seconds = Math.max(0, duration.plusMillis(500).toSeconds());
    if (seconds < 60) {
      return seconds + THIN + "s";
    }
    return seconds < 3600
        ? seconds / 60 + THIN + "min " + seconds % 60 + THIN + "s"
        : seconds / 3600 + THIN + "h " + seconds % 3600 / 60 + THIN + "min";
  }

  /// A number with this many decimals, fewer than none meaning tens, hundreds and so on.
  static String rounded(double value, int decimals) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "−∞";
    }
    BigDecimal exact = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP);
    String digits = String.format(Locale.ROOT, "%,." + Math.max(0, decimals) + "f", exact.abs());
    return exact.signum() < 0 ? "−" + digits : digits;
  }

  /// As [#rounded], with a plus before what is above zero.
  static String signed(double value, int decimals) {
    String digits = rounded(value, decimals);
    boolean positive =
        BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP).signum() > 0;
    return positive ? "+" + digits : digits;
  }

  /// As many decimals as the interval justifies, or as the first digit of a small number needs.
  private static int visibleDecimals(Measured measured, double scale) {
    int decimals = decimals(measured, scale);
    double size = Math.abs(measured.value() * scale);
    return size > 0 && size < 0.5 * Math.pow(10, -decimals)
        ? (int) Math.ceil(-Math.log10(size))
        : decimals;
  }

  private static int decimals(Measured measured, double scale) {
    int most = exactDecimals(measured.value() * scale);
    double half = (measured.high() - measured.low()) / 2 * scale;
    if (!Double.isFinite(half)) {
      half = (measured.value() - measured.low()) * scale;
    }
    if (half <= 0 || !Double.isFinite(half)) {
      return most;
    }
    int exponent = (int) Math.floor(Math.log10(half));
    double leading = half / Math.pow(10, exponent);
    return Math.min(most, leading < 2 ? 1 - exponent : -exponent);
  }

  /// The decimals of three significant digits; whole numbers keep all theirs.
  private static int exactDecimals(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return 0;
    }
    BigDecimal digits = significant(value);
    int integerDigits = digits.precision() - digits.scale();
    return Math.max(0, 3 - integerDigits);
  }

  private static BigDecimal significant(double value) {
    return new BigDecimal(value).round(new MathContext(3, RoundingMode.HALF_UP));
  }
}
