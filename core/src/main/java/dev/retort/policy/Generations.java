package dev.retort.policy;

import dev.retort.runtime.Tokenizer;
import dev.retort.train.StepLines;
import dev.retort.train.TrainProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// What a student wrote in the course of its training, as people can read it: a file of JSON lines,
/// one for each text. A resumed phase first drops the lines of steps that it is about to make
/// again.
///
/// @param file where they are, which need not exist
/// @param tokenizer spells tokens out, special ones included
public record Generations(Path file, Tokenizer tokenizer) {

  /// Forgets what was written in steps that are made again.
  void forgetAfter(TrainProgress progress) {
    try {
      StepLines.forgetAfter(file, progress);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// Adds what was written in a step.
  void add(String phase, long step, List<WrittenText> texts) {
    List<String> lines = new ArrayList<>();
    for (WrittenText text : texts) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("phase", phase);
      line.put("step", step);
      line.put("prompt", tokenizer.decode(text.prompt()));
      line.put("completion", tokenizer.decode(text.added()));
      line.put("tokens", text.added().length);
      line.put("truncated", !text.ended());
      lines.add(JsonMapper.shared().writeValueAsString(line));
    }
    try {
      Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private UncheckedIOException failed(IOException e) {
    return new UncheckedIOException("%s cannot be written: %s".formatted(file, e.getMessage()), e);
  }
}
