package dev.retort.model.decoder;

import dev.retort.tensor.DType;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/// The keys and values of the tokens that several sequences have so far, for every layer.
///
/// Rows are ordered by sequence, key-value head and place, so that what one head reads lies
/// together. Memory belongs to the scope that is open when the cache is made.
final class KeyValueCache {

  private final AttentionShape shape;
  private int sequences;
  private final int capacity;
  private final List<Tensor> keys = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();

  /// Room for `sequences` of up to `capacity` tokens, of the type that products have.
  KeyValueCache(DecoderConfig config, int sequences, int capacity, DType type) {
    this.shape = config.attention();
    this.sequences = sequences;
    this.capacity = capacity;
    for (int layer = 0; layer < config.layers(); layer++) {
      keys.add(zeros(type));
      values.add(zeros(type));
    }
  }

  private Tensor zeros(DType type) {
    long rows = (long) sequences * shape.keyValueHeads() * capacity;
    return Tensors.zeros(rows, shape.headSize()).to(type);
  }

  /// Forgets sequence `index`, whose place the last one takes.
  void remove(int index) {
    sequences--;
    if (index < sequences) {
      for (List<Tensor> all : List.of(keys, values)) {
        all.forEach(tensor -> sequence(tensor, index).setInPlace(sequence(tensor, sequences)));
      }
    }
  }

  private Tensor sequence(Tensor all, int index) {
    long rows = (long) shape.keyValueHeads() * capacity;
    return all.narrow(0, index * rows, rows);
  }

  /// The rows of the tokens at `places` of `owners`, for [#write].
  ///
  /// @param owners `[N]` the sequence of each token
  /// @param places `[N]` where it stands there
  Tensor rows(int[] owners, long[] places) {
    int heads = shape.keyValueHeads();
    long[] rows = new long[owners.length * heads];
    for (int token = 0; token < owners.length; token++) {
      for (int head = 0; head < heads; head++) {
        rows[token * heads + head] =
            ((long) owners[token] * heads + head) * capacity + places[token];
      }
    }
    return Tensors.of(rows, rows.length);
  }

  /// Keeps keys and values, `[N, G, d]`, of tokens whose [#rows] are known.
  void write(int layer, Tensor rows, Tensor keyNGd, Tensor valueNGd) {
    keys.get(layer).setRowsInPlace(rows, keyNGd.reshape(rows.size(0), shape.headSize()));
    values.get(layer).setRowsInPlace(rows, valueNGd.reshape(rows.size(0), shape.headSize()));
  }

  /// The first `length` keys of every sequence and head, `[B·G, length, d]`.
  Tensor keys(int layer, long length) {
    return first(keys.get(layer), length);
  }

  /// The first `length` values of every sequence and head, `[B·G, length, d]`.
  Tensor values(int layer, long length) {
    return first(values.get(layer), length);
  }

  private Tensor first(Tensor all, long length) {
    long heads = (long) sequences * shape.keyValueHeads();
    return all.narrow(0, 0, heads * capacity)
        .reshape(heads, capacity, shape.headSize())
        .narrow(1, 0, length);
  }
}
