package dev.retort.api.client;

import dev.retort.api.RetryableApiException;
import dev.retort.api.wire.Endpoint;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Connections to the server of one endpoint.
final class HttpTransport implements AutoCloseable {

  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(20);

  private final Endpoint endpoint;
  private final Duration timeout;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;

  /// @param timeout how long a response may take, from connecting to the last byte of its body
  HttpTransport(Endpoint endpoint, Duration timeout) {
    this.endpoint = endpoint;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(version())
            .followRedirects(HttpClient.Redirect.NEVER) // a key goes nowhere but to its server
            .connectTimeout(timeout.compareTo(LONGEST_CONNECT) < 0 ? timeout : LONGEST_CONNECT)
            .executor(threads)
            .build();
  }

  /// Sends a request, and waits until its body has come.
  ///
  /// @throws RetryableApiException if it does not come, or not in time
  /// @throws InterruptedException if the calling thread is interrupted; the request is given up
  <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws InterruptedException {
    // A request's own timeout ends with the headers; a body that stops coming would hang.
    CompletableFuture<HttpResponse<T>> response = client.sendAsync(request, handler);
    try {
      return response.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new RetryableApiException(
          "%s gave no whole answer within %s s"
              .formatted(endpoint.name(), timeout.toMillis() / 1000.0),
          Optional.empty());
    } catch (ExecutionException e) {
      throw lost(e.getCause());
    } finally {
      response.cancel(true); // does nothing once the response is there
    }
  }

  /// Without TLS, an offer to change to HTTP/2 makes some servers lose the request's body.
  private HttpClient.Version version() {
    return "https".equals(endpoint.uri().getScheme())
        ? HttpClient.Version.HTTP_2
        : HttpClient.Version.HTTP_1_1;
  }

  private RuntimeException lost(@Nullable Throwable cause) {
    return switch (cause) {
      case IOException broken ->
          new RetryableApiException(
              "%s could not be reached, or broke off: %s"
                  .formatted(endpoint.name(), described(broken)),
              broken);
      case RuntimeException fault -> fault;
      case null, default -> new IllegalStateException("request failed", cause);
    };
  }

  /// The client leaves some causes without words, that of an unknown host among them.
  private static String described(Throwable broken) {
    String message = broken.getMessage();
    Throwable cause = broken.getCause();
    if (message != null || cause == null) {
      return message == null ? broken.getClass().getSimpleName() : message;
    }
    return described(cause);
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdownNow();
  }
}
