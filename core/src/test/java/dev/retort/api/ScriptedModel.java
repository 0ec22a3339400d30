package dev.retort.api;

import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A chat model without an API, which notes what it is asked.
///
/// @param identity what its answers are kept under
/// @param notes what it was asked so far
/// @param script what it does with a request
public record ScriptedModel(String identity, Collection<ChatRequest> notes, Script script)
    implements ChatModel {

  /// What a model does with a request.
  @FunctionalInterface
  public interface Script {
    ChatAnswer answer(ChatRequest request) throws InterruptedException;
  }

  /// A model whose answers are kept under `identity`.
  public ScriptedModel(String identity, Script script) {
    this(identity, new ConcurrentLinkedQueue<>(), script);
  }

  /// A model whose answers nobody keeps.
  public ScriptedModel(Script script) {
    this("test:scripted", script);
  }

  /// Everything that it was asked.
  public List<ChatRequest> asked() {
    return List.copyOf(notes);
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
  public ChatAnswer answer(ChatRequest request) throws InterruptedException {
    notes.add(request);
    return script.answer(request);
  }

  @Override
  public void close() {}
}
