package dev.retort.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/// Sources stay small enough to be read.
class SourceSizeTest {

  private static final int LONG = 300;
  private static final int TOO_LONG = 400;
  private static final int TOO_WIDE = 100;

  /// @param lines how many lines it has
  record Source(Path file, List<String> lines) {}

  @Test
  void noFileIsTooLong(TestReporter reporter) throws IOException {
    for (Source source : sources()) {
      if (source.lines().size() > LONG) {
        reporter.publishEntry(
            "%s: %d lines, more than %d".formatted(source.file(), source.lines().size(), LONG));
      }
    }

    assertThat(sources())
        .allSatisfy(source ->
            assertThat(source.lines().size())
                .as("%s", source.file())
                .isLessThanOrEqualTo(TOO_LONG));
  }

  /// A line with a text in quotes may be longer: messages are easier to find in one piece.
  @Test
  void noLineIsTooWide() throws IOException {
    List<String> wide =
        sources().stream()
            .flatMap(source ->
                source.lines().stream()
                    .filter(line -> line.length() > TOO_WIDE)
                    .filter(line -> !line.contains("\"") && !line.startsWith("import "))
                    .map(line -> source.file() + ": " + line.strip()))
            .toList();

    assertThat(wide).isEmpty();
  }

  private static List<Source> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      List<Source> sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> file.toString().contains("/src/"))
              .map(SourceSizeTest::read)
              .toList();
      assertThat(sources).hasSizeGreaterThan(100);
      return sources;
    }
  }

  private static Source read(Path file) {
    try {
      return new Source(file, Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
