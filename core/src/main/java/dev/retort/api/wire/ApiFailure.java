package dev.retort.api.wire;

import dev.retort.api.ApiException;
import dev.retort.api.PermanentApiException;
import dev.retort.api.PermanentApiException.Scope;
import dev.retort.api.RetryableApiException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What an API said instead of an answer, and which exception that is.
///
/// @param endpoint who said it
/// @param status HTTP status, or what stands for it where the API gives none
/// @param kind the API's own names for what went wrong, separated by a space; may be empty
/// @param message what it said
/// @param retryAfter how long it asked to wait
public record ApiFailure(
    Endpoint endpoint, int status, String kind, String message, Optional<Duration> retryAfter) {

  private static final int TIMEOUT = 408;
  private static final int CONFLICT = 409;
  private static final int FAILED_DEPENDENCY = 424; // Bedrock's for a model that failed
  private static final int TOO_EARLY = 425;
  private static final int TOO_MANY = 429;
  private static final int SERVER = 500;

  private static final Set<Integer> PASSING =
      Set.of(TIMEOUT, CONFLICT, FAILED_DEPENDENCY, TOO_EARLY, TOO_MANY);
  private static final Set<Integer> KEY = Set.of(401, 403);
  private static final int CREDIT = 402;

  /// Where a request goes wrong if the address or model does.
  private static final Set<Integer> ADDRESS = Set.of(301, 302, 303, 307, 308, 404, 405, 410);

  /// OpenAI reports an empty account as too many requests, Anthropic once did as a bad one.
  private static final Pattern NO_CREDIT =
      Pattern.compile(
          "insufficient_quota|billing_hard_limit|billing_error|credit balance|servicequota");

  private static final Pattern NO_MODEL =
      Pattern.compile(
          "model_not_found|deploymentnotfound|model identifier is invalid|model .{0,200}does not exist");

  private static final int LONGEST_MESSAGE = 500;

  /// The exception that says this.
  public ApiException exception() {
    if (lacksCredit()) {
      return permanent(Scope.ALL, "top up the account or raise its quota, then run again");
    }
    if (isPassing()) {
      return new RetryableApiException(said(), retryAfter);
    }
    if (KEY.contains(status)) {
      return permanent(Scope.ALL, endpoint.keyAdvice());
    }
    if (ADDRESS.contains(status) || mentions(NO_MODEL)) {
      return permanent(Scope.ALL, "check the address and the model's name");
    }
    return permanent(Scope.REQUEST, "the same request will be refused again");
  }

  private boolean lacksCredit() {
    return status == CREDIT || (status < SERVER && mentions(NO_CREDIT));
  }

  private boolean isPassing() {
    return PASSING.contains(status) || status >= SERVER;
  }

  private boolean mentions(Pattern words) {
    return words.matcher((kind + " " + message).toLowerCase(Locale.ROOT)).find();
  }

  private PermanentApiException permanent(Scope scope, String advice) {
    return new PermanentApiException(said() + "; " + advice, scope);
  }

  private String said() {
    String shown = endpoint.withoutKey(message).strip();
    String cut =
        shown.length() > LONGEST_MESSAGE ? shown.substring(0, LONGEST_MESSAGE) + "…" : shown;
    return "%s answered %d%s%s%s"
        .formatted(
            endpoint.name(),
            status,
            kind.isEmpty() ? "" : " (" + endpoint.withoutKey(kind) + ")",
            cut.isEmpty() ? "" : ": " + cut,
            retryAfter.map(pause -> "; try again in %d s".formatted(seconds(pause))).orElse(""));
  }

  private static long seconds(Duration pause) {
    return Math.ceilDiv(pause.toMillis(), 1000L);
  }
}
