package dev.retort.teacher;

import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Labels;
import dev.retort.data.Place;
import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.runtime.Encoding;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Texts to ask teachers about, a token for each character.
final class Texts {

  private static final Labels LABELS = Labels.of(List.of("x", "y", "z"));

  private Texts() {}

  static Example example(String text, int label, String route) {
    return new Example(
        text, Optional.empty(), label, new Place(Path.of("texts"), 1), Optional.of(route));
  }

  static TokenizedDataset of(Example... examples) {
    Dataset dataset = new Dataset("train", List.of(examples), LABELS);
    return TokenizedDataset.of(
        dataset,
        example -> {
          int[] ids = example.text().chars().toArray();
          return new Encoding(ids, new int[ids.length], false);
        },
        0);
  }

  static Question<TextBatch> question(TokenizedDataset data, int... rows) {
    return new Question<>(data, data.batch(rows));
  }
}
