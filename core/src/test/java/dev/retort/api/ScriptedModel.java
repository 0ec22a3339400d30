package dev.retort.api;

import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import java.util.List;

/// A chat model without an API.
///
/// @param script what it does with a request
public record ScriptedModel(Script script) implements ChatModel {

  /// What a model does with a request.
  @FunctionalInterface
  public interface Script {
    ChatAnswer answer(ChatRequest request) throws InterruptedException;
  }

  /// A short answer that cost one token each way.
  public static ChatAnswer says(String text) {
    return new ChatAnswer(text, Finish.STOP, new Usage(1, 0, 1), "scripted", "", List.of());
  }

  /// A request for a short answer to `question`.
  public static ChatRequest asks(String question) {
    return ChatRequest.of(List.of(ChatTurn.user(question)), ChatRequest.Decoding.greedy(9));
  }

  /// What is asked.
  public static String question(ChatRequest request) {
    return request.turns().getLast().text();
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public String identity() {
    return "test:scripted";
  }

  @Override
  public ChatAnswer answer(ChatRequest request) throws InterruptedException {
    return script.answer(request);
  }

  @Override
  public void close() {}
}
