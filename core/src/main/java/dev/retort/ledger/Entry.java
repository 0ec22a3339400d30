package dev.retort.ledger;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatRequest;
import java.time.Duration;
import java.time.Instant;

/// An answer as the ledger keeps it.
///
/// @param identity [dev.retort.api.ChatModel#identity] of who was asked
/// @param request what was asked
/// @param answer what came back
/// @param paid what it cost
/// @param at when the answer came
/// @param latency from asking to the answer, waiting for limits included
/// @param provenance where it comes from
public record Entry(
    String identity,
    ChatRequest request,
    ChatAnswer answer,
    Dollars paid,
    Instant at,
    Duration latency,
    Provenance provenance) {

  /// The name of the question.
  public String key() {
    return CanonicalRequest.key(identity, request);
  }
}
