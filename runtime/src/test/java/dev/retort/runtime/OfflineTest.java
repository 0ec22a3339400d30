package dev.retort.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
  void aFreshMachineNeedsNoNetworkAndNothingElseIsPrinted() throws Exception {
    TinyStudent.ofTexts(folder);
    String expected;
    try (Classifier student = Classifier.open(folder)) {
      expected = student.classify("good").label();
    }

    Process service = start();
    String printed = new String(service.getInputStream().readAllBytes(), UTF_8);

    assertThat(service.waitFor()).describedAs(printed).isZero();
    assertThat(printed).isEqualTo(expected);
    assertThat(folder.resolve("home/.djl.ai")).isDirectory();
    List<String> classes = Files.readAllLines(folder.resolve("classes.txt"));
    assertThat(classes.stream().filter(line -> line.contains("Classifier "))).isNotEmpty();
    assertThat(classes.stream().filter(OfflineTest::connects)).isEmpty();
  }

  private static boolean connects(String loadedClass) {
    return loadedClass.contains("java.net.Socket ")
        || loadedClass.contains("java.net.HttpURLConnection ");
  }

  /// Starts the service with a list of the classes it loads, which tells whether it tried to
  /// connect, and an empty home folder, from which no earlier unpacked library can help out.
  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Duser.home=" + Files.createDirectory(folder.resolve("home")),
            "-Xlog:class+load:file=" + folder.resolve("classes.txt"),
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
}
