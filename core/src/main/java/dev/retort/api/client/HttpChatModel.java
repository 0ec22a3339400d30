package dev.retort.api.client;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import dev.retort.api.wire.Wire;
import java.time.Duration;
import java.time.InstantSource;

/// A chat model behind an HTTP API. It asks once and as fast as it is told to: trying again and
/// keeping to limits are [dev.retort.api.limit]'s.
public final class HttpChatModel implements ChatModel {

  private final Wire wire;
  private final boolean streaming;
  private final HttpExchange exchange;

  /// A model that is not asked yet.
  ///
  /// @param wire the API that is spoken
  /// @param streaming whether answers come in pieces
  /// @param timeout how long one answer may take, from connecting to its last byte
  public HttpChatModel(Wire wire, boolean streaming, Duration timeout) {
    this.wire = wire;
    this.streaming = streaming;
    this.exchange =
        new HttpExchange(wire, new HttpTransport(wire.endpoint(), timeout), InstantSource.system());
  }

  @Override
  public String name() {
    return wire.endpoint().model();
  }

  @Override
  public String identity() {
    return wire.endpoint().name();
  }

  @Override
  public ChatAnswer answer(ChatRequest request) throws InterruptedException {
    return wire.answer(exchange.post(wire.body(request, streaming)));
  }

  @Override
  public void close() {
    exchange.close();
  }
}
