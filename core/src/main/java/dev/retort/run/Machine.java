package dev.retort.run;

import dev.retort.report.Environment;
import dev.retort.tensor.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// What a run ran on.
final class Machine {

  private Machine() {}

  /// Versions, processor and cores of this machine.
  static Environment environment() throws IOException {
    SequencedMap<String, String> versions = new LinkedHashMap<>();
    versions.put("Retort", version(Machine.class));
    versions.put("JDK", Runtime.version().toString());
    versions.put("libtorch", Engine.version());
    versions.put("ONNX Runtime", version(ai.onnxruntime.OrtEnvironment.class));
    versions.put("OS", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    return new Environment(
        versions,
        Optional.ofNullable(System.getProperty("retort.commit")),
        processor(),
        Runtime.getRuntime().availableProcessors());
  }

  private static String version(Class<?> type) {
    return Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse("development");
  }

  private static String processor() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.exists(info)) {
      return System.getProperty("os.arch");
    }
    try (Stream<String> lines = Files.lines(info)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    }
  }
}
