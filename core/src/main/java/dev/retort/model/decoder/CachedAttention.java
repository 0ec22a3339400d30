package dev.retort.model.decoder;

import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Attention of one new token in each of several sequences to those before it.
final class CachedAttention implements CausalAttention {

  private final DecoderConfig config;
  private final KeyValueCache cache;
  private final long[] places;
  private final long length;
  private final Tensor rows;
  private final Map<OptionalInt, Tensor> masks = new HashMap<>();

  /// New tokens at `places`, one in every sequence of the cache; masks belong to the scope of the
  /// pass.
  CachedAttention(DecoderConfig config, KeyValueCache cache, long[] places) {
    this.config = config;
    this.cache = cache;
    this.places = places;
    this.length = Arrays.stream(places).max().orElseThrow() + 1;
    this.rows = cache.rows(IntStream.range(0, places.length).toArray(), places);
    // Before the first layer, whose scope they would not survive.
    config.spans().forEach(span -> masks.computeIfAbsent(span.window(), this::newMask));
  }

  @Override
  public Tensor attend(int layer, Tensor queryNHd, Tensor keyNGd, Tensor valueNGd) {
    cache.write(layer, rows, keyNGd, valueNGd);
    AttentionShape shape = config.attention();
    long sequences = places.length;
    long pairs = sequences * shape.keyValueHeads();
    Tensor queryPRd = queryNHd.reshape(pairs, shape.group(), shape.headSize());
    Tensor scores =
        queryPRd
            .matmul(cache.keys(layer, length).transpose(-2, -1))
            .to(DType.FLOAT32)
            .reshape(sequences, shape.heads(), length)
            .plus(mask(config.spans().get(layer).window()));
    Tensor weights =
        Functions.softmax(scores, -1).to(valueNGd.dtype()).reshape(pairs, shape.group(), length);
    return weights.matmul(cache.values(layer, length)).reshape(sequences, shape.queryWidth());
  }

  /// `[B, 1, length]`: 0 where a sequence's new token sees, −∞ where it does not.
  private Tensor mask(OptionalInt window) {
    return Objects.requireNonNull(masks.get(window));
  }

  private Tensor newMask(OptionalInt window) {
    int columns = Math.toIntExact(length);
    float[] mask = new float[places.length * columns];
    Arrays.fill(mask, Float.NEGATIVE_INFINITY);
    for (int row = 0; row < places.length; row++) {
      int last = Math.toIntExact(places[row]);
      int first = Math.max(0, last + 1 - window.orElse(columns));
      Arrays.fill(mask, row * columns + first, row * columns + last + 1, 0);
    }
    return Tensors.of(mask, places.length, 1, columns);
  }
}
