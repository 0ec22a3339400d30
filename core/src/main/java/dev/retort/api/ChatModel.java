package dev.retort.api;

/// A model that answers requests, one at a time for each calling thread; many threads may ask at
/// once.
///
/// Whatever else should happen around a request (keep to limits, try again, remember and pay once,
/// redact) is another chat model that wraps this one.
public interface ChatModel extends AutoCloseable {

  /// The model's name at its API, for messages, prices and reports.
  String name();

  /// What answers depend on besides the request: kind of API, its URL, and the model's name. Never
  /// a key.
  String identity();

  /// Asks, and waits for the answer.
  ///
  /// @throws ApiException if there is none: a [RetryableApiException] if the same request may
  ///   succeed later, a [PermanentApiException] if it will not
  /// @throws InterruptedException if the calling thread is interrupted meanwhile
  ChatAnswer answer(ChatRequest request) throws InterruptedException;

  @Override
  void close();
}
