package dev.retort.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Requests to a [SlowServer] over bare sockets, one connection for each that may be under way:
/// what the machine allows at this moment, whoever else is using it.
///
/// @param server who is asked
/// @param concurrency requests under way at once
record BareCalls(SlowServer server, int concurrency) {

  private static final byte[] REQUEST =
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
          .getBytes(StandardCharsets.US_ASCII);

  /// Makes this many requests and returns how many there were in a second.
  double perSecond(int requests) throws InterruptedException {
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> connections = new ArrayList<>();
      for (int i = 0; i < concurrency; i++) {
        connections.add(threads.submit(() -> call(requests / concurrency)));
      }
      for (Future<?> connection : connections) {
        connection.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a bare request failed", e.getCause());
    }
    return requests / ((System.nanoTime() - start) / 1e9);
  }

  private boolean call(int times) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setTcpNoDelay(true);
      for (int i = 0; i < times; i++) {
        socket.getOutputStream().write(REQUEST);
        socket.getInputStream().skipNBytes(SlowServer.responseBytes());
      }
    }
    return true;
  }
}
