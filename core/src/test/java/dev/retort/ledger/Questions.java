package dev.retort.ledger;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import dev.retort.api.ScriptedModel;
import java.util.List;

/// Questions and answers that a ledger is tested with.
final class Questions {

  static final String IDENTITY = "openai https://api.example/v1 gpt-x";

  private Questions() {}

  /// A model that does as `script` says.
  static ScriptedModel model(ScriptedModel.Script script) {
    return new ScriptedModel(IDENTITY, script);
  }

  /// A model that repeats the question, for 1000 tokens in and 100 out.
  static ScriptedModel echo() {
    return model(request -> answer(text(request), new Usage(1000, 0, 100)));
  }

  static ChatAnswer answer(String text, Usage usage) {
    return new ChatAnswer(text, Finish.STOP, usage, "gpt-x-2026-01-01", "chatcmpl-1", List.of());
  }

  static ChatRequest question(String text) {
    return ChatRequest.of(List.of(ChatTurn.user(text)), Decoding.greedy(100));
  }

  static String text(ChatRequest request) {
    return ScriptedModel.question(request);
  }
}
