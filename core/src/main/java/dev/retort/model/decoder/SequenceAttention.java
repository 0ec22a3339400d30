package dev.retort.model.decoder;

import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/// Attention within whole sequences that lie one after the other. No token sees another sequence,
/// because each is computed on its own; neighbours of one length are computed together.
final class SequenceAttention implements CausalAttention {

  /// Neighbouring sequences of one length.
  private record Block(int count, int length) {
    long tokens() {
      return (long) count * length;
    }
  }

  private record MaskKey(int length, OptionalInt window) {}

  private final DecoderConfig config;
  private final List<Block> blocks;
  private final long[] sizes;
  private final Map<MaskKey, Tensor> masks = new HashMap<>();

  /// Attention within sequences of these lengths; masks belong to the scope of the pass.
  SequenceAttention(DecoderConfig config, long[] lengths) {
    this.config = config;
    this.blocks = blocks(lengths);
    this.sizes = blocks.stream().mapToLong(Block::tokens).toArray();
    // Before the first layer, whose scope they would not survive.
    for (Block block : blocks) {
      for (LayerSpan span : config.spans()) {
        masks.computeIfAbsent(
            new MaskKey(block.length(), span.window()),
            key -> causalMask(key.length(), key.window()));
      }
    }
  }

  private static List<Block> blocks(long[] lengths) {
    List<Block> blocks = new ArrayList<>();
    for (long length : lengths) {
      Block last = blocks.isEmpty() ? new Block(0, 0) : blocks.getLast();
      if (last.length() == length) {
        blocks.set(blocks.size() - 1, new Block(last.count() + 1, last.length()));
      } else {
        blocks.add(new Block(1, Math.toIntExact(length)));
      }
    }
    return blocks;
  }

  @Override
  public Tensor attend(int layer, Tensor queryNHd, Tensor keyNGd, Tensor valueNGd) {
    List<Tensor> queries = Functions.split(queryNHd, sizes, 0);
    List<Tensor> keys = Functions.split(keyNGd, sizes, 0);
    List<Tensor> values = Functions.split(valueNGd, sizes, 0);
    List<Tensor> found = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      Tensor maskTT = mask(block.length(), config.spans().get(layer).window());
      found.add(within(block, queries.get(i), keys.get(i), values.get(i), maskTT));
    }
    return found.size() == 1 ? found.getFirst() : Tensors.concatenate(found, 0);
  }

  private Tensor within(Block block, Tensor query, Tensor key, Tensor value, Tensor maskTT) {
    AttentionShape shape = config.attention();
    long pairs = (long) block.count() * shape.keyValueHeads();
    long length = block.length();
    long width = shape.headSize();
    Tensor queryPRd = byHead(block, query).reshape(pairs, shape.group() * length, width);
    Tensor keyPTd = byHead(block, key).reshape(pairs, length, width);
    Tensor valuePTd = byHead(block, value).reshape(pairs, length, width);
    Tensor scores =
        queryPRd
            .matmul(keyPTd.transpose(-2, -1))
            .to(DType.FLOAT32)
            .reshape(pairs, shape.group(), length, length)
            .plus(maskTT);
    Tensor weightsPRT =
        Functions.softmax(scores, -1)
            .to(value.dtype())
            .reshape(pairs, shape.group() * length, length);
    return weightsPRT
        .matmul(valuePTd)
        .reshape(block.count(), shape.heads(), length, width)
        .transpose(1, 2)
        .reshape(block.tokens(), shape.queryWidth());
  }

  /// `[S·T, H, d]` → `[S, H, T, d]`
  private static Tensor byHead(Block block, Tensor x) {
    return x.reshape(block.count(), block.length(), x.size(1), x.size(2)).transpose(1, 2);
  }

  private Tensor mask(int length, OptionalInt window) {
    return Objects.requireNonNull(masks.get(new MaskKey(length, window)));
  }

  /// 0 where a token, the row, sees another one, the column, and −∞ where it does not.
  private static Tensor causalMask(int length, OptionalInt window) {
    int reach = window.orElse(length);
    float[] mask = new float[length * length];
    for (int row = 0; row < length; row++) {
      for (int column = 0; column < length; column++) {
        boolean seen = column <= row && column > row - reach;
        mask[row * length + column] = seen ? 0 : Float.NEGATIVE_INFINITY;
      }
    }
    return Tensors.of(mask, length, length);
  }
}
