package dev.retort.api.wire;

import dev.retort.api.ChatAnswer.Finish;

/// Why an answer of OpenAI's APIs, or of those like them, ended.
final class OpenAiFinish {

  private OpenAiFinish() {}

  static Finish of(Answer reason) {
    return switch (reason.text()) {
      case "stop", "eos_token", "stop_sequence" -> Finish.STOP; // the latter two are TGI's
      case "length" -> Finish.LENGTH;
      case "content_filter" -> Finish.FILTERED;
      case "abort", "error" -> throw reason.wrong("the end of a whole answer");
      default -> Finish.OTHER;
    };
  }
}
