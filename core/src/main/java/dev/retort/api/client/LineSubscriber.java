package dev.retort.api.client;

import dev.retort.api.wire.Answer;
import dev.retort.api.wire.EventStream;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.function.Supplier;

/// Hands the lines of a body to an event stream as they come.
///
/// @param events what takes them
record LineSubscriber(EventStream events) implements Subscriber<String> {

  @Override
  public void onSubscribe(Subscription subscription) {
    subscription.request(Long.MAX_VALUE); // what is kept of them is no more than the answer
  }

  @Override
  public void onNext(String line) {
    events.line(line);
  }

  @Override
  public void onError(Throwable broken) {
    // The request fails with it.
  }

  @Override
  public void onComplete() {
    // The request ends, and the answer is asked for.
  }

  Supplier<Answer> answer() {
    return events::whole;
  }
}
