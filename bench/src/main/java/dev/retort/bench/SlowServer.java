package dev.retort.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/// A server that gives every request the same chat answer after a fixed time, at as little cost as
/// can be, so that its clients are measured and not it.
final class SlowServer implements AutoCloseable {

  private static final String BODY =
      """
      {"id":"1","model":"slow","choices":[{"index":0,"message":{"role":"assistant",\
      "content":"card_arrival"},"finish_reason":"stop"}],\
      "usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}}\
      """;
  private static final byte[] RESPONSE =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
          .formatted(BODY.length(), BODY)
          .getBytes(StandardCharsets.US_ASCII);
  private static final String LENGTH = "content-length:";
  private static final int BACKLOG = 1024;

  private final Duration answer;
  private final ServerSocket server =
      new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());

  /// @param answer how long an answer takes
  SlowServer(Duration answer) throws IOException {
    this.answer = answer;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  Duration answer() {
    return answer;
  }

  /// How long its responses are.
  static int responseBytes() {
    return RESPONSE.length;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(client.getInputStream());
      for (int body = head(in); body >= 0; body = head(in)) {
        in.skipNBytes(body);
        Thread.sleep(answer);
        client.getOutputStream().write(RESPONSE);
      }
    } catch (IOException hungUp) {
      // The client is done.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Reads the head of a request and returns the length of its body, or -1 at the end.
  private static int head(InputStream in) throws IOException {
    int length = 0;
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next != '\n') {
        line.append((char) next);
        continue;
      }
      String header = line.toString().strip().toLowerCase(Locale.ROOT);
      line.setLength(0);
      if (header.isEmpty()) {
        return length;
      }
      if (header.startsWith(LENGTH)) {
        length = Integer.parseInt(header.substring(LENGTH.length()).strip());
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
