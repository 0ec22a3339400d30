package dev.retort.api.limit;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;

/// A chat model that is asked again when its API failed.
///
/// @param model who is asked
/// @param persistence how often and how long
public record PersistentChatModel(ChatModel model, Persistence persistence) implements ChatModel {

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
    return persistence.run(identity(), () -> model.answer(request));
  }

  @Override
  public void close() {
    model.close();
  }
}
