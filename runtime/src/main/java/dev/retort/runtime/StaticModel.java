package dev.retort.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A student without layers: the sum of a text's token vectors, brought to length 1, under a linear
/// head. A text costs about as many additions as its tokens have dimensions.
///
/// ```
/// x = Σ e(token)        x̂ = x / √(‖x‖² + ε)        logits = W x̂ + b
/// ```
///
/// Token vectors hold their weights already, and those of special tokens are zero.
final class StaticModel implements LogitModel, VectorModel {

  static final String EMBEDDINGS = "embeddings";
  static final String HEAD_WEIGHT = "head.weight";
  static final String HEAD_BIAS = "head.bias";

  /// Keeps the vector of a text without tokens at zero.
  private static final double EPSILON = 1e-24;

  /// A linear layer.
  ///
  /// @param weightDC by column of the layer's matrix: sums over labels run side by side
  /// @param biasC one number for each label
  @SuppressWarnings("ArrayRecordComponent") // never leaves this class
  private record Head(float[][] weightDC, float[] biasC) {

    static Head read(TensorFile tensors) {
      Matrix weight = tensors.matrix(HEAD_WEIGHT);
      float[][] transposed = new float[weight.columns()][weight.rows()];
      for (int label = 0; label < weight.rows(); label++) {
        float[] row = weight.row(label);
        for (int dimension = 0; dimension < row.length; dimension++) {
          transposed[dimension][label] = row[dimension];
        }
      }
      return new Head(transposed, tensors.matrix(HEAD_BIAS).row(0));
    }

    boolean fits(int dimensions, int labels) {
      return weightDC.length == dimensions
          && weightDC[0].length == labels
          && biasC.length == labels;
    }

    String shape() {
      return "a head of %d x %d and %d biases"
          .formatted(weightDC[0].length, weightDC.length, biasC.length);
    }

    float[] logits(float[] vectorD) {
      float[] logits = biasC.clone();
      for (int dimension = 0; dimension < vectorD.length; dimension++) {
        float factor = vectorD[dimension];
        float[] weightC = weightDC[dimension];
        for (int label = 0; label < logits.length; label++) {
          logits[label] += factor * weightC[label];
        }
      }
      return logits;
    }
  }

  private final Path file;
  private final TensorFile tensors;
  private final Matrix embeddings;
  private final Optional<Head> head;

  private StaticModel(Path file, TensorFile tensors) {
    this.file = file;
    this.tensors = tensors;
    this.embeddings = tensors.matrix(EMBEDDINGS);
    this.head = tensors.has(HEAD_WEIGHT) ? Optional.of(Head.read(tensors)) : Optional.empty();
  }

  /// Maps the file and compares it with the manifest and the tokenizer.
  ///
  /// @throws StudentException if it contradicts them
  static StaticModel open(StudentFolder student, Tokenizer tokenizer) throws IOException {
    Path file = student.model();
    TensorFile tensors = TensorFile.open(file);
    try {
      StaticModel model = new StaticModel(file, tensors);
      model.check(student.manifest(), tokenizer);
      return model;
    } catch (RuntimeException e) {
      tensors.close();
      throw e;
    }
  }

  private void check(StudentManifest manifest, Tokenizer tokenizer) {
    if (embeddings.rows() < tokenizer.vocabularySize()) {
      throw contradiction(
          "vectors for %d tokens".formatted(embeddings.rows()),
          "the tokenizer has %d".formatted(tokenizer.vocabularySize()));
    }
    int labels = manifest.output().labels().size();
    boolean fits = head.map(layer -> layer.fits(dimensions(), labels)).orElse(labels == 0);
    if (!fits) {
      throw contradiction(
          head.map(layer -> layer.shape() + " over vectors of " + dimensions()).orElse("no head"),
          "retort.json has %d labels".formatted(labels));
    }
  }

  private StudentException contradiction(String found, String expected) {
    return new StudentException(
        "%s has %s, but %s. %s".formatted(file, found, expected, StudentFolder.EXPORT_AGAIN));
  }

  @Override
  public int dimensions() {
    return embeddings.columns();
  }

  /// The vector of a text, of length 1; zero if no token of it has a vector.
  float[] embed(Encoding text) {
    float[] vector = embeddings.sum(text.ids());
    double squares = EPSILON;
    for (float value : vector) {
      squares += (double) value * value;
    }
    float factor = (float) (1 / Math.sqrt(squares));
    for (int dimension = 0; dimension < vector.length; dimension++) {
      vector[dimension] *= factor;
    }
    return vector;
  }

  @Override
  public float[][] embed(List<Encoding> rows) {
    return rows.parallelStream().map(this::embed).toArray(float[][]::new);
  }

  @Override
  public float[][] logits(List<Encoding> rows) {
    Head layer =
        head.orElseThrow(() ->
            new StudentException(
                "%s only embeds: it has no head that could choose a label".formatted(file)));
    return rows.stream().map(row -> finite(layer.logits(embed(row)))).toArray(float[][]::new);
  }

  private float[] finite(float[] logits) {
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        throw new StudentException(
            "%s answered %s: its weights are broken. %s"
                .formatted(file, logit, StudentFolder.EXPORT_AGAIN));
      }
    }
    return logits;
  }

  @Override
  public void close() {
    tensors.close();
  }
}
