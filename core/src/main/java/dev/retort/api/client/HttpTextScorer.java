package dev.retort.api.client;

import dev.retort.api.ChatAnswer.TokenLogprob;
import dev.retort.api.TextScorer;
import dev.retort.api.wire.OpenAiCompletions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// A model behind OpenAI's completions that scores texts, as far as its server offers that. It asks
/// once, as [HttpChatModel] does.
public final class HttpTextScorer implements TextScorer {

  private final OpenAiCompletions wire;
  private final HttpExchange exchange;

  /// A scorer that is not asked yet.
  ///
  /// @param wire the API that is spoken
  /// @param timeout how long one answer may take, from connecting to its last byte
  public HttpTextScorer(OpenAiCompletions wire, Duration timeout) {
    this.wire = wire;
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
  public List<TokenLogprob> score(String text, int top) throws InterruptedException {
    return wire.scores(exchange.post(wire.scoring(text, top)), text);
  }

  @Override
  public void close() {
    exchange.close();
  }
}
