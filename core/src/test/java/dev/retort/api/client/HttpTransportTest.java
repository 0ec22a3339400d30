package dev.retort.api.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.RetryableApiException;
import dev.retort.api.wire.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of a connection when nobody waits for it any more.
@Timeout(60)
class HttpTransportTest {

  private static final String HALF_A_BODY =
      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of a body";

  @Test
  void aBodyThatStopsComingIsGivenUp() throws Exception {
    try (HalfServer server = new HalfServer();
        HttpTransport transport = server.transport(Duration.ofMillis(300))) {
      assertThatThrownBy(() -> transport.send(server.request(), BodyHandlers.ofString()))
          .isInstanceOf(RetryableApiException.class)
          .hasMessage("test:half gave no whole answer within 0.3 s");

      server.waitUntilHungUp();
    }
  }

  @Test
  void whoIsInterruptedHangsUp() throws Exception {
    try (HalfServer server = new HalfServer();
        HttpTransport transport = server.transport(Duration.ofHours(1))) {
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      Thread asking =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  transport.send(server.request(), BodyHandlers.ofString());
                } catch (InterruptedException | RuntimeException e) {
                  failure.complete(e);
                }
              });
      server.answering.await();

      asking.interrupt();

      assertThat(failure.get()).isInstanceOf(InterruptedException.class);
      server.waitUntilHungUp();
    }
  }

  @Test
  void nobodyThereIsRetryable() throws Exception {
    URI uri;
    try (HalfServer server = new HalfServer()) {
      uri = server.uri();
    }
    Endpoint endpoint = new Endpoint("test:none", uri, "m", Optional.empty());
    try (HttpTransport transport = new HttpTransport(endpoint, Duration.ofSeconds(60))) {
      assertThatThrownBy(
              () -> transport.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()))
          .isInstanceOf(RetryableApiException.class)
          .hasMessageStartingWith("test:none could not be reached, or broke off: ");
    }
  }

  /// A server that sends half of an answer and then waits for its client to hang up.
  private static final class HalfServer implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final CountDownLatch hungUp = new CountDownLatch(1);
    private final CountDownLatch answering = new CountDownLatch(1);

    HalfServer() throws IOException {
      Thread.ofVirtual().start(this::serve);
    }

    URI uri() {
      return URI.create("http://localhost:" + server.getLocalPort());
    }

    HttpRequest request() {
      return HttpRequest.newBuilder(uri()).build();
    }

    HttpTransport transport(Duration timeout) {
      return new HttpTransport(new Endpoint("test:half", uri(), "m", Optional.empty()), timeout);
    }

    void waitUntilHungUp() throws InterruptedException {
      hungUp.await();
    }

    private void serve() {
      try (Socket client = server.accept();
          InputStream in = client.getInputStream();
          OutputStream out = client.getOutputStream()) {
        out.write(HALF_A_BODY.getBytes(StandardCharsets.UTF_8));
        out.flush();
        answering.countDown();
        in.transferTo(OutputStream.nullOutputStream());
        hungUp.countDown();
      } catch (IOException reset) {
        hungUp.countDown();
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
