package dev.retort.bench;

import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Labels;
import dev.retort.data.Place;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Files of texts that both sides of a comparison read: a JSON object a line, with the `text` and
/// the index of its `label`.
final class LabelledTexts {

  private LabelledTexts() {}

  /// The examples of `file`.
  ///
  /// @throws IllegalArgumentException if a line is not such an object
  static Dataset read(Path file, Labels labels) throws IOException {
    List<Example> examples = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      examples.add(example(line, new Place(file, examples.size() + 1), labels.size()));
    }
    return new Dataset("train", examples, labels);
  }

  /// The texts of `file`, in its order.
  static List<String> texts(Path file, Labels labels) throws IOException {
    return read(file, labels).examples().stream().map(Example::text).toList();
  }

  /// Writes the examples of `data`.
  static void write(Dataset data, Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (Example example : data.examples()) {
        out.write(
            JsonMapper.shared().writeValueAsString(new Line(example.text(), example.label())));
        out.write('\n');
      }
    }
  }

  private record Line(String text, int label) {}

  private static Example example(String line, Place place, int labels) {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(line);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "%s: not a JSON object (%s)".formatted(place, e.getOriginalMessage()), e);
    }
    int label = json.path("label").asInt(-1);
    if (!json.path("text").isString() || label < 0 || label >= labels) {
      throw new IllegalArgumentException(
          "%s: needs a \"text\" and a \"label\" from 0 to %d".formatted(place, labels - 1));
    }
    return new Example(json.path("text").asString(), Optional.empty(), label, place);
  }
}
