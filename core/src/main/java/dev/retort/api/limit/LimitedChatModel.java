package dev.retort.api.limit;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;

/// A chat model that is asked no faster than its API allows.
///
/// @param model who is asked
/// @param limits how fast
public record LimitedChatModel(ChatModel model, Limits limits) implements ChatModel {

  @Override
  public String name() {
    return model.name();
  }

  @Override
  public String identity() {
    return model.identity();
  }

  @Override
  public ChatAnswer answer(ChatRequest request) throws InterruptedException {
    long estimate = TokenEstimate.total(request);
    return limits.run(
        identity(), estimate, () -> model.answer(request), answer -> used(answer, estimate));
  }

  /// An API that does not count is taken at the estimate.
  private static long used(ChatAnswer answer, long estimate) {
    Usage usage = answer.usage();
    return usage.equals(Usage.NONE) ? estimate : usage.inputTokens() + usage.outputTokens();
  }

  @Override
  public void close() {
    model.close();
  }
}
