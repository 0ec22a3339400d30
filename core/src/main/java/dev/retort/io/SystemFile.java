package dev.retort.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// A file in which Linux counts memory, a figure a line: `/proc/meminfo`, `/proc/self/status`.
public final class SystemFile {

  /// About the whole machine.
  public static final Path MEMORY = Path.of("/proc/meminfo");

  /// About this process.
  public static final Path PROCESS = Path.of("/proc/self/status");

  private SystemFile() {}

  /// The figure called `name` in kilobytes; unknown where the system has no such file or figure.
  public static OptionalLong kilobytes(Path file, String name) throws IOException {
    if (!Files.exists(file)) {
      return OptionalLong.empty();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    }
  }
}
