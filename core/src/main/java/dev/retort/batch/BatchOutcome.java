package dev.retort.batch;

import dev.retort.api.ChatRequest;
import java.util.List;

/// What came of a run of batches. Answers are in the ledger; what failed may be asked again.
///
/// @param answered answers that were recorded
/// @param failed requests without an answer
/// @param unsent requests that did not fit into the budget
public record BatchOutcome(long answered, List<Failure> failed, List<ChatRequest> unsent) {

  public BatchOutcome {
    failed = List.copyOf(failed);
    unsent = List.copyOf(unsent);
  }

  /// A request without an answer.
  ///
  /// @param reason what the API said
  public record Failure(ChatRequest request, String reason) {}
}
