package dev.retort.model.table;

import dev.retort.data.TextBatch;
import dev.retort.model.ForwardMode;
import dev.retort.model.ModelException;
import dev.retort.model.Precision;
import dev.retort.model.Sweep;
import dev.retort.model.TextClassifier;
import dev.retort.runtime.Tokenizer;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongConsumer;

/// One vector for each token of a vocabulary, distilled from an encoder (Tulkens and van Dongen
/// 2024, *Model2Vec: Fast State-of-the-Art Static Embeddings*): what the encoder makes of a text of
/// that token alone, reduced to its principal components, times the token's weight.
///
/// @param vectorsVD by token id; rows of tokens that no text has are zero
/// @param keptV1 1 where a token has a vector, else 0
public record TokenTable(Tensor vectorsVD, Tensor keptV1) implements AutoCloseable {

  /// Distils the tokens of `tokenizerJson` from `teacher`; `done` hears how many have been asked so
  /// far.
  ///
  /// @throws ModelException if there are fewer tokens or hidden dimensions than
  ///   `settings.dimensions()`, or the tokenizer does not put one token before and one behind a
  ///   text
  /// @throws IOException if the tokenizer cannot be read
  public static TokenTable distil(
      TextClassifier teacher, Path tokenizerJson, StaticSettings settings, LongConsumer done)
      throws IOException {
    Vocabulary vocabulary = Vocabulary.read(tokenizerJson);
    requireDimensions(settings.dimensions(), vocabulary, teacher);
    SingleTokens texts = texts(vocabulary, tokenizerJson);
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Tensor hiddenND = Tensors.of(hidden(teacher, texts, settings.precision(), done));
      Tensor reducedNK = PrincipalComponents.of(hiddenND, settings.dimensions()).project(hiddenND);
      return weighted(reducedNK, settings.weights(vocabulary.ids()), vocabulary);
    }
  }

  private static void requireDimensions(int wanted, Vocabulary vocabulary, TextClassifier teacher) {
    int most = Math.min(teacher.config().hiddenSize(), vocabulary.ids().length - 1);
    if (wanted > most) {
      throw new ModelException(
          "student.table.dimensions: %d are more than the teacher has; at most %d"
              .formatted(wanted, most));
    }
  }

  private static SingleTokens texts(Vocabulary vocabulary, Path tokenizerJson) throws IOException {
    try (Tokenizer tokenizer = Tokenizer.open(tokenizerJson)) {
      int[] frame = tokenizer.encode("", Integer.MAX_VALUE).ids();
      if (frame.length != 2) {
        throw new ModelException(
            "%s puts %d special tokens around a text; a static student needs a teacher with 2"
                .formatted(tokenizerJson, frame.length));
      }
      return new SingleTokens(vocabulary.ids(), frame[0], frame[1]);
    }
  }

  private static float[][] hidden(
      TextClassifier teacher, SingleTokens texts, Precision precision, LongConsumer done) {
    float[][] rows = new float[texts.size()][];
    Sweep.over(
        texts,
        batch -> pooled(teacher, batch, precision),
        (batch, vectors) -> {
          for (int i = 0; i < vectors.length; i++) {
            rows[batch.rows()[i]] = vectors[i];
          }
        },
        done);
    return rows;
  }

  private static float[][] pooled(TextClassifier teacher, TextBatch batch, Precision precision) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      return teacher.forward(batch, ForwardMode.evaluate(precision)).pooledND().toFloatRows();
    }
  }

  private static TokenTable weighted(Tensor reducedNK, double[] weights, Vocabulary vocabulary) {
    Tensor weightsN1 = Tensors.of(weights, weights.length, 1).to(reducedNK.dtype());
    Tensor weightedNK = reducedNK.times(weightsN1);
    Tensor ids =
        Tensors.of(Arrays.stream(vocabulary.ids()).asLongStream().toArray(), weights.length);
    Tensor vectorsVD = Tensors.zeros(vocabulary.size(), reducedNK.size(1));
    Tensor keptV1 = Tensors.zeros(vocabulary.size(), 1);
    return new TokenTable(
        vectorsVD.setRowsInPlace(ids, weightedNK).keep(),
        keptV1.setRowsInPlace(ids, Tensors.ones(weights.length, 1)).keep());
  }

  /// Frees the native memory.
  @Override
  public void close() {
    vectorsVD.close();
    keptV1.close();
  }
}
