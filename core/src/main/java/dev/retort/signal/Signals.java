package dev.retort.signal;

import dev.retort.model.EncoderOutput;
import dev.retort.tensor.Tensor;
import java.util.Optional;

/// One teacher's answer about one batch; what was not asked for is empty.
///
/// @param distribution one row per row of the batch
/// @param features hidden states and attention scores of the teacher
/// @param embeddingND one vector per text, `[N, D]`
public record Signals(
    Optional<Distribution> distribution,
    Optional<EncoderOutput> features,
    Optional<Tensor> embeddingND) {

  /// No answer at all: what objectives without needs are given.
  public static final Signals NONE =
      new Signals(Optional.empty(), Optional.empty(), Optional.empty());

  /// An answer that is a distribution only.
  public static Signals of(Distribution distribution) {
    return new Signals(Optional.of(distribution), Optional.empty(), Optional.empty());
  }

  /// An answer that is one vector for each text, `[N, D]`.
  public static Signals ofEmbeddings(Tensor embeddingND) {
    return new Signals(Optional.empty(), Optional.empty(), Optional.of(embeddingND));
  }
}
