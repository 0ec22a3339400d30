package dev.retort.ledger;

import dev.retort.api.ChatAnswer;

/// What a ledger says to someone who would ask a question.
public sealed interface Claim {

  /// It is answered already.
  ///
  /// @param answer what was answered
  record Known(ChatAnswer answer) implements Claim {}

  /// Ask: others wait until the answer is recorded or the claim released.
  record Granted() implements Claim {}

  /// Someone else is asking; look again in a while.
  record Held() implements Claim {}
}
