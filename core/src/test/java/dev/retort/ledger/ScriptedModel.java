package dev.retort.ledger;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A model for tests that answers with what a script says, and notes what it was asked.
final class ScriptedModel implements ChatModel {

  static final String IDENTITY = "openai https://api.example/v1 gpt-x";

  /// Says what the answer to a request is.
  @FunctionalInterface
  interface Script {
    ChatAnswer answer(ChatRequest request) throws InterruptedException;
  }

  private final Script script;
  private final Queue<ChatRequest> asked = new ConcurrentLinkedQueue<>();

  ScriptedModel(Script script) {
    this.script = script;
  }

  /// A model that repeats the question, for 1000 tokens in and 100 out.
  static ScriptedModel echo() {
    return new ScriptedModel(request -> answer(text(request), new Usage(1000, 0, 100)));
  }

  static ChatAnswer answer(String text, Usage usage) {
    return new ChatAnswer(text, Finish.STOP, usage, "gpt-x-2026-01-01", "chatcmpl-1", List.of());
  }

  static ChatRequest question(String text) {
    return ChatRequest.of(List.of(ChatTurn.user(text)), Decoding.greedy(100));
  }

  static String text(ChatRequest request) {
    return request.turns().getLast().text();
  }

  List<ChatRequest> asked() {
    return List.copyOf(asked);
  }

  @Override
  public String name() {
    return "gpt-x";
  }

  @Override
  public String identity() {
    return IDENTITY;
  }

  @Override
  public ChatAnswer answer(ChatRequest request) throws InterruptedException {
    asked.add(request);
    return script.answer(request);
  }

  @Override
  public void close() {}
}
