package dev.retort.api.wire;

import dev.retort.api.ChatAnswer.Usage;

/// What an answer of OpenAI's APIs, or of those like them, says was paid for.
final class OpenAiUsage {

  private OpenAiUsage() {}

  static Usage of(Answer usage) {
    return new Usage(
        usage.at("prompt_tokens").count(),
        usage.at("prompt_tokens_details").at("cached_tokens").count(),
        usage.at("completion_tokens").count());
  }
}
