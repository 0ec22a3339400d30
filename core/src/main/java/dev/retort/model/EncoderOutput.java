package dev.retort.model;

import dev.retort.tensor.Tensor;
import java.util.List;

/// What one forward pass of an encoder yields. A model that computes without padding hands out all
/// tokens of a batch as one text, `[1, N, D]`.
///
/// @param lastBTD hidden states after the last layer, `FLOAT32` `[B, T, D]`
/// @param hiddenBTD hidden states after the embeddings and after every layer, `layers + 1` of them;
///   empty unless captured
/// @param scoresBHTT attention scores before the softmax, with padded keys at a large negative
///   number, one `[B, H, T, T]` per layer; empty unless captured
/// @param vectors queries, keys and values of every layer, `FLOAT32`; empty unless captured
public record EncoderOutput(
    Tensor lastBTD,
    List<Tensor> hiddenBTD,
    List<Tensor> scoresBHTT,
    List<AttentionVectors> vectors) {

  public EncoderOutput {
    hiddenBTD = List.copyOf(hiddenBTD);
    scoresBHTT = List.copyOf(scoresBHTT);
    vectors = List.copyOf(vectors);
  }
}
