package dev.retort.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A user's service sets none of the variables that keep the libraries off the network.
@Timeout(120)
class OfflineTest {
  @TempDir private Path folder;

  /// The service: what it prints is compared by the test.
  static final class Service {
    private Service() {}

    public static void main(String[] arguments) throws IOException {
      try (Classifier student = Classifier.open(Path.of(arguments[0]))) {
        System.out.print(student.classify("good").label());
      }
    }
  }

  @Test
  void aFreshMachineNeedsNoNetworkAndNothingIsPrinted() throws Exception {
    TinyStudent.ofTexts(folder);
    String expected;
    try (Classifier student = Classifier.open(folder)) {
      expected = student.classify("good").label();
    }
    AtomicInteger connections = new AtomicInteger();
    try (ServerSocket proxy = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> countConnections(proxy, connections));
      Process service = start(proxy.getLocalPort());
      String printed = new String(service.getInputStream().readAllBytes(), UTF_8);

      assertThat(printed).isEqualTo(expected);
      assertThat(service.waitFor()).isZero();
      assertThat(connections).hasValue(0);
    }
    assertThat(folder.resolve("home/.djl.ai")).isDirectory();
  }

  /// Every Java connection of the service would arrive at the proxy.
  private Process start(int proxyPort) throws IOException {
    Path home = folder.resolve("home");
    assertThat(home.toFile().mkdir()).isTrue();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Duser.home=" + home,
            "-Dhttp.proxyHost=localhost",
            "-Dhttp.proxyPort=" + proxyPort,
            "-Dhttps.proxyHost=localhost",
            "-Dhttps.proxyPort=" + proxyPort,
            "-Dhttp.nonProxyHosts=",
            "-cp",
            System.getProperty("java.class.path"),
            Service.class.getName(),
            folder.toString());
    builder
        .environment()
        .keySet()
        .removeAll(
            List.of("DJL_OFFLINE", "OPT_OUT_TRACKING", "ORT_DISABLE_TELEMETRY", "DJL_CACHE_DIR"));
    return builder.redirectErrorStream(true).start();
  }

  private static void countConnections(ServerSocket proxy, AtomicInteger connections) {
    while (!proxy.isClosed()) {
      try (var _ = proxy.accept()) {
        connections.incrementAndGet();
      } catch (IOException e) {
        return; // the test has closed the socket
      }
    }
  }
}
