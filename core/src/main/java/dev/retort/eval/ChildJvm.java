package dev.retort.eval;

import dev.retort.io.SystemFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.json.JsonMapper;

/// Runs a measurement in a JVM of its own, which holds what is measured and nothing else.
///
/// The child starts the `main` of a probe with two arguments: a JSON file with what is to be
/// measured, and the one that it writes what it measured to.
public final class ChildJvm {

  private ChildJvm() {}

  /// Runs `probe` on `order` and returns what it answered.
  ///
  /// @throws IOException if the process fails; the message begins with `measuring WHAT failed` and
  ///   holds what the process said
  public static <R> R measure(Class<?> probe, String what, Object order, Class<R> result)
      throws IOException {
    Path work = Files.createTempDirectory("retort-probe");
    try {
      Path question = work.resolve("order.json");
      Path answer = work.resolve("result.json");
      Path log = work.resolve("log.txt");
      Files.writeString(question, JsonMapper.shared().writeValueAsString(order));
      Process process =
          new ProcessBuilder(command(probe, question, answer))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      int exit = waitFor(process);
      if (exit != 0) {
        throw new IOException(
            "measuring %s failed with exit code %d: %s"
                .formatted(what, exit, Files.readString(log).strip()));
      }
      return JsonMapper.shared().readValue(Files.readString(answer), result);
    } finally {
      for (String name : List.of("order.json", "result.json", "log.txt")) {
        Files.deleteIfExists(work.resolve(name));
      }
      Files.deleteIfExists(work);
    }
  }

  /// What a probe's `main` was told to measure.
  public static <T> T order(String[] arguments, Class<T> type) throws IOException {
    return JsonMapper.shared().readValue(Files.readString(Path.of(arguments[0])), type);
  }

  /// Hands over what a probe's `main` measured.
  public static void answer(String[] arguments, Object result) throws IOException {
    Files.writeString(Path.of(arguments[1]), JsonMapper.shared().writeValueAsString(result));
  }

  /// The resident memory of this process at its peak so far, where the system tells.
  public static OptionalLong peakKilobytes() throws IOException {
    return SystemFile.kilobytes(SystemFile.PROCESS, "VmHWM");
  }

  private static List<String> command(Class<?> probe, Path question, Path answer) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        // Native memory is no share of the heap, and is freed by scopes.
        "-Dorg.bytedeco.javacpp.nopointergc=true",
        "-Dorg.bytedeco.javacpp.maxbytes=0",
        "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
        "-XX:+UseSerialGC",
        "-Xmx512m",
        "-cp",
        System.getProperty("java.class.path"),
        probe.getName(),
        question.toString(),
        answer.toString());
  }

  private static int waitFor(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while measuring the student", e);
    }
  }
}
