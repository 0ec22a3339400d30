package dev.retort.api.wire;

import dev.retort.api.ApiException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// Reads what APIs say instead of an answer, each in its own words.
///
/// @param endpoint who says it
/// @param clock tells the time against which dates in `Retry-After` are meant
public record ErrorReader(Endpoint endpoint, InstantSource clock) {

  /// The status that stands for an error within an answer or a stream, which has begun with 200.
  private static final Map<String, Integer> STATUS_OF_KIND =
      Map.ofEntries(
          Map.entry("invalid_request_error", 400),
          Map.entry("authentication_error", 401),
          Map.entry("billing_error", 402),
          Map.entry("permission_error", 403),
          Map.entry("not_found_error", 404),
          Map.entry("request_too_large", 413),
          Map.entry("content_filter", 400),
          Map.entry("insufficient_quota", 429),
          Map.entry("rate_limit_error", 429),
          Map.entry("rate_limit_exceeded", 429),
          Map.entry("overloaded_error", 529));

  private static final int UNKNOWN = 500;

  /// The exception for a response with a status other than success.
  ///
  /// @param header the response's first header of a name
  public ApiException refusal(int status, Function<String, Optional<String>> header, String body) {
    JsonNode json = json(body);
    JsonNode error = inner(json);
    String message =
        text(error, "message").or(() -> text(json, "error")).orElse(json.isObject() ? "" : body);
    String redirect = header.apply("Location").map(to -> "it is now at " + to).orElse("");
    return new ApiFailure(
            endpoint,
            status,
            kind(error),
            message.isEmpty() ? redirect : message,
            RetryAfter.read(header, clock.instant()))
        .exception();
  }

  /// Throws if what began as an answer says that something went wrong.
  ///
  /// @throws ApiException if it does
  public void check(Answer answer) {
    JsonNode error = answer.json().path("error");
    if (error.isMissingNode() || error.isNull()) {
      return;
    }
    String message = text(error, "message").orElse(error.isString() ? error.stringValue() : "");
    throw new ApiFailure(endpoint, status(error), kind(error), message, Optional.empty())
        .exception();
  }

  private static int status(JsonNode error) {
    return Stream.of("type", "code", "status")
        .map(error::path)
        .flatMap(node ->
            node.isIntegralNumber()
                ? Stream.of(node.intValue())
                : Stream.ofNullable(STATUS_OF_KIND.get(node.asString(""))))
        .filter(status -> status >= 400)
        .findFirst()
        .orElse(UNKNOWN);
  }

  /// The object that has the message: servers differ in whether it stands alone.
  private static JsonNode inner(JsonNode json) {
    return json.path("error").isObject() ? json.path("error") : json;
  }

  private static String kind(JsonNode error) {
    return Stream.of("code", "type", "error_type")
        .flatMap(name -> text(error, name).stream())
        .filter(name -> !name.equals("error"))
        .distinct()
        .collect(Collectors.joining(" "));
  }

  private static Optional<String> text(JsonNode json, String name) {
    return json.path(name).stringValueOpt();
  }

  /// A proxy's page is no JSON; it is shown as it is.
  private static JsonNode json(String body) {
    try {
      return JsonMapper.shared().readTree(body);
    } catch (JacksonException page) {
      return MissingNode.getInstance();
    }
  }
}
