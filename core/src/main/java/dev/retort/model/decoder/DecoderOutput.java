package dev.retort.model.decoder;

import dev.retort.model.EncoderOutput;
import dev.retort.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// What one forward pass of a decoder yields.
///
/// @param lastND the states of all tokens after the last normalisation, `[N, D]`
/// @param statesND the states after the embeddings and after every layer, the last of them
///   normalised; empty unless captured
/// @param rest what is left of a backward pass once gradients have come to these states
record DecoderOutput(Tensor lastND, List<Tensor> statesND, Optional<Runnable> rest) {

  DecoderOutput {
    statesND = List.copyOf(statesND);
  }

  /// States whose history is whole.
  DecoderOutput(Tensor lastND, List<Tensor> statesND) {
    this(lastND, statesND, Optional.empty());
  }

  /// The same states, whose backward pass ends with `last`.
  DecoderOutput completedBy(Runnable last) {
    return new DecoderOutput(lastND, statesND, Optional.of(last));
  }

  /// The same for objectives on features: all tokens as one text without padding, `[1, N, D]`.
  EncoderOutput features() {
    return new EncoderOutput(
        lastND.unsqueeze(0),
        statesND.stream().map(state -> state.unsqueeze(0)).toList(),
        List.of(),
        List.of());
  }
}
