package dev.retort.api.fake;

import java.util.EnumSet;
import java.util.Set;

/// What a fake API does instead of answering well.
public enum Fault {
  /// Too many requests, with the pause that it asks for.
  RATE_LIMIT,
  OVERLOADED,
  SERVER_ERROR,
  /// Takes the request and stays silent.
  HANG,
  /// Stays silent in the middle of the answer.
  HANG_IN_BODY,
  /// Breaks the connection in the middle of the answer.
  CUT,
  /// Ends a stream in good order, but before it is over.
  SHORT_STREAM,
  /// Says in the middle of a stream that it is overloaded.
  ERROR_IN_STREAM,
  MALFORMED_JSON,
  WRONG_LOGPROBS,
  /// The model declines.
  REFUSAL,
  /// A filter holds the answer back.
  FILTERED,
  BAD_KEY,
  NO_CREDIT,
  BAD_REQUEST,
  UNKNOWN_MODEL;

  /// Faults after which the same request may succeed, without those that take time to notice.
  public static final Set<Fault> PASSING =
      EnumSet.of(RATE_LIMIT, OVERLOADED, SERVER_ERROR, CUT, MALFORMED_JSON);

  boolean isAnswer() {
    return this == REFUSAL || this == FILTERED || this == WRONG_LOGPROBS;
  }

  boolean isError() {
    return switch (this) {
      case RATE_LIMIT, OVERLOADED, SERVER_ERROR, BAD_KEY, NO_CREDIT, BAD_REQUEST, UNKNOWN_MODEL ->
          true;
      default -> false;
    };
  }
}
