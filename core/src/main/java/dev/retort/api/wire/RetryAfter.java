package dev.retort.api.wire;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Function;

/// How long a response asks to wait: milliseconds in OpenAI's `retry-after-ms`, or seconds or a
/// date in `Retry-After` (RFC 9110).
public final class RetryAfter {

  private static final String NUMBER = "\\d{1,9}(?:\\.\\d{1,9})?";
  private static final double MILLIS = 1000;

  private RetryAfter() {}

  /// The pause that a response asks for, if it does.
  ///
  /// @param header the response's first header of a name
  /// @param now the time, which a date is compared with
  public static Optional<Duration> read(Function<String, Optional<String>> header, Instant now) {
    return header
        .apply("retry-after-ms")
        .flatMap(value -> number(value, 1))
        .or(() ->
            header
                .apply("Retry-After")
                .flatMap(value -> number(value, MILLIS).or(() -> date(value, now))));
  }

  private static Optional<Duration> number(String value, double millis) {
    return value.strip().matches(NUMBER)
        ? Optional.of(
            Duration.ofMillis((long) Math.ceil(millis * Double.parseDouble(value.strip()))))
        : Optional.empty();
  }

  private static Optional<Duration> date(String value, Instant now) {
    try {
      ZonedDateTime date = ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration pause = Duration.between(now, date.toInstant());
      return Optional.of(pause.isNegative() ? Duration.ZERO : pause);
    } catch (DateTimeException unreadable) {
      return Optional.empty(); // a server's mistake: pause as if it had named none
    }
  }
}
