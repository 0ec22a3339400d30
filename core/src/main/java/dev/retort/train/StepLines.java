package dev.retort.train;

import dev.retort.io.Aside;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Files of JSON lines, each about a step: an object with `phase` and `step`.
public final class StepLines {

  private StepLines() {}

  /// Drops from `file`, if it exists, the lines of steps that a phase is about to make again, and a
  /// last line that a crash cut short.
  ///
  /// @throws IOException if a line is no JSON, or the file cannot be read or written
  public static void forgetAfter(Path file, TrainProgress progress) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    // A character that was cut short as well is no reason to fail.
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    List<String> kept = new ArrayList<>();
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      if (isKept(file, line, progress)) {
        kept.add(line);
      }
    }
    Aside.file(file, aside -> Files.write(aside, kept));
  }

  private static boolean isKept(Path file, String line, TrainProgress progress) throws IOException {
    try {
      JsonNode json = JsonMapper.shared().readTree(line);
      return !json.path("phase").asString().equals(progress.phase())
          || json.path("step").asLong() <= progress.step();
    } catch (JacksonException e) {
      throw new IOException(
          "%s: the line '%s' is no JSON; delete the line to go on".formatted(file, line), e);
    }
  }
}
