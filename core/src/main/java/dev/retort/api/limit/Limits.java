package dev.retort.api.limit;

import dev.retort.api.RetryableApiException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.ToLongFunction;

/// How fast an API may be asked: requests under way at once, requests and tokens in a minute, and
/// the pauses that the API itself asks for. All that ask one API share these limits.
public final class Limits {

  private final Semaphore inFlight;
  private final Rate requests;
  private final Rate tokens;
  private final SharedPause pause;

  /// The limits in numbers.
  ///
  /// @param concurrency requests under way at once at most
  /// @param requestsPerMinute requests in a minute at most; as many as come if empty
  /// @param tokensPerMinute tokens in a minute at most; as many as come if empty
  /// @param longestPause the longest pause of the API that is waited for
  public record Settings(
      int concurrency,
      Optional<Integer> requestsPerMinute,
      Optional<Integer> tokensPerMinute,
      Duration longestPause) {}

  public Limits(Settings settings, TimeSource time) {
    this.inFlight = new Semaphore(settings.concurrency(), true);
    this.requests = Rate.of(settings.requestsPerMinute(), time);
    this.tokens = Rate.of(settings.tokensPerMinute(), time);
    this.pause = new SharedPause(time, settings.longestPause());
  }

  /// Makes a request once the limits allow it.
  ///
  /// @param api its name, for messages
  /// @param estimatedTokens tokens that it will probably use
  /// @param usedTokens tokens that it used in truth, known from what came back
  public <T> T run(String api, long estimatedTokens, Call<T> call, ToLongFunction<T> usedTokens)
      throws InterruptedException {
    inFlight.acquire();
    try {
      requests.take(1);
      tokens.take(estimatedTokens);
      pause.await(api);
      T result = call.run();
      tokens.correct(estimatedTokens, usedTokens.applyAsLong(result));
      return result;
    } catch (RetryableApiException e) {
      e.retryAfter().ifPresent(pause::extend);
      throw e;
    } finally {
      inFlight.release();
    }
  }
}
