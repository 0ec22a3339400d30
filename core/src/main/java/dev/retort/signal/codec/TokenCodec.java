package dev.retort.signal.codec;

import dev.retort.signal.Distribution;
import dev.retort.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;

/// Keeps what a teacher says about tokens in few bytes for each.
///
/// The record is all that its bytes depend on, beside the logits and the seeds: equal records write
/// and read the same format.
public sealed interface TokenCodec permits TopKCodec, SampledCodec {

  /// What is kept of each row of a teacher's logits.
  ///
  /// @param logitsNV the logits, before any temperature
  /// @param seedsN the chance of each row, where the codec leaves anything to chance
  List<EncodedRow> encode(Tensor logitsNV, long[] seedsN);

  /// The distributions of `count` rows that lie one after another, all that there are.
  ///
  /// @throws IllegalArgumentException if `rows` holds more or fewer
  Distribution decode(ByteBuffer rows, int count);

  /// What logits are divided by before the softmax of which some is kept.
  double temperature();

  /// How many logits a row has.
  int vocabulary();

  /// What [EncodedRow#error] is, such as `KL(teacher ‖ stored)`.
  String measure();

  /// How users know it, such as `top-k, k = 15`.
  String label();

  /// Fails unless `width` logits are the vocabulary.
  static void requireWidth(long width, int vocabulary) {
    if (width != vocabulary) {
      throw new IllegalArgumentException(
          "rows of %d logits, but a vocabulary of %d".formatted(width, vocabulary));
    }
  }
}
