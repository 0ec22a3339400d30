package dev.retort.signal;

import dev.retort.model.EncoderOutput;
import java.util.Optional;

/// One teacher's answer about one batch; what was not asked for is empty.
///
/// @param distribution one row per row of the batch
/// @param features hidden states and attention scores of the teacher
public record Signals(Optional<Distribution> distribution, Optional<EncoderOutput> features) {

  /// No answer at all: what objectives without needs are given.
  public static final Signals NONE = new Signals(Optional.empty(), Optional.empty());

  /// An answer that is a distribution only.
  public static Signals of(Distribution distribution) {
    return new Signals(Optional.of(distribution), Optional.empty());
  }
}
