package dev.retort.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;

/// The answer to a request, after the redirects that were followed.
///
/// @param response the response with the body
record Reply(HttpResponse<InputStream> response) implements AutoCloseable {

  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int NOT_FOUND = 404;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERRORS = 500;
  private static final int ERRORS = 400;
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /// Explains to the user why a server refused a request.
  @FunctionalInterface
  interface Refusal {

    /// The message for a status such as 404.
    ///
    /// @param status the HTTP status
    /// @param code the hub's own code, such as `GatedRepo`, or empty
    String explain(int status, String code);
  }

  int status() {
    return response.statusCode();
  }

  InputStream body() {
    return response.body();
  }

  /// The ETag of the file, without quotes and weakness mark. A hub that redirects to a store names
  /// the stored file in a header of its own.
  Optional<String> etag() {
    return response
        .headers()
        .firstValue("X-Linked-Etag")
        .or(() -> response.headers().firstValue("ETag"))
        .map(etag -> etag.replaceFirst("^W/", "").replace("\"", ""));
  }

  /// The size of the file.
  OptionalLong fileSize() {
    OptionalLong linked = response.headers().firstValueAsLong("X-Linked-Size");
    return linked.isPresent() || status() != OK ? linked : bodySize();
  }

  /// The size of the body.
  OptionalLong bodySize() {
    return response.headers().firstValueAsLong("Content-Length");
  }

  /// Where the body starts in the file, when the server sent the part that was asked for.
  OptionalLong start() {
    Optional<String> range = response.headers().firstValue("Content-Range");
    return status() == PARTIAL && range.isPresent() && range.get().matches("bytes \\d{1,18}-.*")
        ? OptionalLong.of(Long.parseLong(range.get().substring(6, range.get().indexOf('-'))))
        : OptionalLong.empty();
  }

  /// Whether the server has nothing after the byte that was asked for.
  boolean isBeyondEnd() {
    return status() == RANGE_NOT_SATISFIABLE;
  }

  /// Whether the server has no such file.
  boolean isMissing() {
    return status() == NOT_FOUND;
  }

  /// Throws unless the request succeeded.
  ///
  /// @throws PassingFault when it is worth repeating
  /// @throws HubException when it is not
  void requireSuccess(Refusal refusal) throws IOException {
    int status = status();
    if (status < ERRORS) {
      return;
    }
    if (status >= SERVER_ERRORS || status == TOO_MANY_REQUESTS || status == REQUEST_TIMEOUT) {
      Optional<Duration> pause = retryAfter();
      if (pause.isPresent() && pause.get().compareTo(LONGEST_PAUSE) > 0) {
        throw new HubException(
            "%s answered %d and asks to wait %d s; try again then"
                .formatted(response.uri(), status, pause.get().toSeconds()));
      }
      throw new PassingFault("%s answered %d".formatted(response.uri(), status), pause);
    }
    String code = response.headers().firstValue("X-Error-Code").orElse("");
    throw new HubException(refusal.explain(status, code));
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }

  /// The pause in `Retry-After`: seconds, or a date as RFC 9110 writes it.
  private Optional<Duration> retryAfter() {
    return response.headers().firstValue("Retry-After").flatMap(Reply::parsePause);
  }

  private static Optional<Duration> parsePause(String value) {
    if (value.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    try {
      ZonedDateTime date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration pause = Duration.between(Instant.now(), date.toInstant());
      return Optional.of(pause.isNegative() ? Duration.ZERO : pause);
    } catch (DateTimeException unreadable) {
      return Optional.empty(); // a server's mistake: pause as if it had named none
    }
  }
}
