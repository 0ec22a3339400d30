package dev.retort.export;

import dev.retort.runtime.Classifier;
import dev.retort.runtime.Embedder;
import dev.retort.runtime.Encoding;
import dev.retort.runtime.TextPair;
import dev.retort.runtime.Tokenizer;
import java.util.List;

/// Real inputs on which an exported file must answer as the student does. A few dozen of different
/// lengths are enough.
public sealed interface Samples {

  /// For a student that judges single texts.
  ///
  /// @param texts at least one
  record Texts(List<String> texts) implements Samples {
    public Texts {
      texts = List.copyOf(texts);
      requireSome(texts);
    }

    @Override
    public List<Encoding> encode(Tokenizer tokenizer, int maxLength) {
      return tokenizer.encodeAll(texts, maxLength);
    }

    @Override
    public List<float[]> logits(Classifier exported) {
      return exported.logitsAll(texts);
    }

    @Override
    public List<float[]> vectors(Embedder exported) {
      return exported.embedAll(texts);
    }
  }

  /// For a student that judges pairs of texts.
  ///
  /// @param pairs at least one
  record Pairs(List<TextPair> pairs) implements Samples {
    public Pairs {
      pairs = List.copyOf(pairs);
      requireSome(pairs);
    }

    @Override
    public List<Encoding> encode(Tokenizer tokenizer, int maxLength) {
      return tokenizer.encodePairs(pairs, maxLength);
    }

    @Override
    public List<float[]> logits(Classifier exported) {
      return exported.logitsPairs(pairs);
    }

    @Override
    public List<float[]> vectors(Embedder exported) {
      throw new ExportException("an embedder is checked on single texts, not on pairs");
    }
  }

  /// The samples as the student reads them.
  List<Encoding> encode(Tokenizer tokenizer, int maxLength);

  /// What an exported classifier answers.
  List<float[]> logits(Classifier exported);

  /// What an exported embedder answers.
  List<float[]> vectors(Embedder exported);

  private static void requireSome(List<?> samples) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("an export is checked on samples: give at least one");
    }
  }
}
