package dev.retort.model.decoder;

import dev.retort.model.EncoderOutput;
import dev.retort.tensor.Tensor;
import java.util.List;

/// What one forward pass of a decoder yields.
///
/// @param lastND the states of all tokens after the last normalisation, `[N, D]`
/// @param statesND the states after the embeddings and after every layer, the last of them
///   normalised; empty unless captured
record DecoderOutput(Tensor lastND, List<Tensor> statesND) {

  DecoderOutput {
    statesND = List.copyOf(statesND);
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
