package dev.retort.gguf.convert;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.retort.gguf.FloatRows;
import dev.retort.gguf.GgufException;
import dev.retort.gguf.GgufMetadata;
import dev.retort.gguf.GgufValue;
import dev.retort.gguf.convert.DecoderShape.Attention;
import dev.retort.gguf.convert.DecoderShape.Rope;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// An open checkpoint of llama2.c in its legacy format, mapped into memory: seven whole numbers and
/// then singles, kind of tensor by kind, each for all layers. Query and key rows are in llama.cpp's
/// order.
///
/// See [llama2.c](https://github.com/karpathy/llama2.c).
final class Llama2cFile implements AutoCloseable {

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final int HEADER_INTS = 7;
  private static final int MOST = 1 << 24;
  private static final double EPSILON = 1e-5;

  private final Path file;
  private final Arena arena;
  private final MemorySegment bytes;
  private final DecoderShape shape;
  private final boolean tied;

  private Llama2cFile(
      Path file, Arena arena, MemorySegment bytes, DecoderShape shape, boolean tied) {
    this.file = file;
    this.arena = arena;
    this.bytes = bytes;
    this.shape = shape;
    this.tied = tied;
  }

  /// Maps `file` and checks that it has the size that its numbers ask for.
  static Llama2cFile open(Path file) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file)) {
      MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      int[] header = header(file, bytes);
      Llama2cFile opened = new Llama2cFile(file, arena, bytes, shape(file, header), header[5] > 0);
      opened.requireSize();
      return opened;
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /// The model, with the vocabulary in the file `tokenizer`.
  GgufModel model(Path tokenizer) throws IOException {
    SequencedMap<String, GgufValue> values = new LinkedHashMap<>();
    values.put(MetadataShape.ARCHITECTURE, new GgufValue.Text(Architecture.LLAMA.ggufName()));
    values.put("general.name", new GgufValue.Text(String.valueOf(file.getFileName())));
    MetadataShape.write(shape, values);
    MetadataVocabulary.write(Llama2cTokens.read(tokenizer, shape.vocabulary()), values);
    return new GgufModel(new GgufMetadata(file.toString(), values), tensors());
  }

  @Override
  public void close() {
    arena.close();
  }

  private static int[] header(Path file, MemorySegment bytes) throws GgufException {
    if (bytes.byteSize() < HEADER_INTS * (long) Integer.BYTES) {
      throw new GgufException(
          "%s: expected at least %d bytes, found %d"
              .formatted(file, HEADER_INTS * Integer.BYTES, bytes.byteSize()));
    }
    int[] header = new int[HEADER_INTS];
    for (int i = 0; i < HEADER_INTS; i++) {
      header[i] = bytes.getAtIndex(INT, i);
    }
    return header;
  }

  /// The hyperparameters. A negative vocabulary says that there is an output matrix.
  private static DecoderShape shape(Path file, int[] header) throws GgufException {
    for (int i = 0; i < HEADER_INTS; i++) {
      int value = i == 5 ? Math.abs(header[i]) : header[i];
      if (value < 1 || value > MOST) {
        throw new GgufException(
            "%s: number %d of the header is %d; it is no checkpoint of llama2.c in the legacy format"
                .formatted(file, i, header[i]));
      }
    }
    int hidden = header[0];
    int heads = header[3];
    if (hidden % heads != 0 || heads % header[4] != 0 || hidden / heads % 2 != 0) {
      throw new GgufException(
          "%s: a width of %d cannot have %d heads for %d keys"
              .formatted(file, hidden, heads, header[4]));
    }
    return new DecoderShape(
        Architecture.LLAMA,
        header[2],
        hidden,
        header[1],
        header[6],
        Math.abs(header[5]),
        EPSILON,
        new Attention(heads, header[4], hidden / heads, Optional.empty()),
        new Rope(Rope.DEFAULT_BASE, Rope.DEFAULT_BASE, Optional.empty()));
  }

  private void requireSize() throws GgufException {
    Walk walk = new Walk();
    walk.take(new LinkedHashMap<>());
    if (walk.at != bytes.byteSize()) {
      throw new GgufException(
          "%s: a checkpoint of this shape has %d bytes, found %d; fetch it again"
              .formatted(file, walk.at, bytes.byteSize()));
    }
  }

  private SequencedMap<String, FloatRows> tensors() {
    SequencedMap<String, FloatRows> tensors = new LinkedHashMap<>();
    new Walk().take(tensors);
    return tensors;
  }

  /// A walk over the file from tensor to tensor.
  private final class Walk {

    private long at = HEADER_INTS * (long) Integer.BYTES;

    void take(SequencedMap<String, FloatRows> tensors) {
      int hidden = shape.hidden();
      int keys = shape.attention().keyValueHeads() * shape.attention().headSize();
      int feedForward = shape.feedForward();
      take(tensors, GgufModel.TOKEN_EMBEDDING, shape.vocabulary(), hidden);
      takeLayers(tensors, "attn_norm", hidden);
      takeLayers(tensors, "attn_q", hidden, hidden);
      takeLayers(tensors, "attn_k", keys, hidden);
      takeLayers(tensors, "attn_v", keys, hidden);
      takeLayers(tensors, "attn_output", hidden, hidden);
      takeLayers(tensors, "ffn_norm", hidden);
      takeLayers(tensors, "ffn_gate", feedForward, hidden);
      takeLayers(tensors, "ffn_down", hidden, feedForward);
      takeLayers(tensors, "ffn_up", feedForward, hidden);
      take(tensors, "output_norm.weight", hidden);
      at += (long) shape.context() * shape.attention().headSize() * Float.BYTES; // angles
      if (!tied) {
        take(tensors, GgufModel.OUTPUT, shape.vocabulary(), hidden);
      }
    }

    private void takeLayers(SequencedMap<String, FloatRows> tensors, String name, long... sizes) {
      for (int layer = 0; layer < shape.layers(); layer++) {
        take(tensors, "blk.%d.%s.weight".formatted(layer, name), sizes);
      }
    }

    private void take(SequencedMap<String, FloatRows> tensors, String name, long... sizes) {
      List<Long> dimensions = Arrays.stream(sizes).boxed().toList();
      tensors.put(name, new MappedRows(bytes, at, dimensions));
      at += dimensions.stream().reduce((long) Float.BYTES, Math::multiplyExact);
    }
  }

  /// Singles in the file.
  private record MappedRows(MemorySegment bytes, long at, List<Long> shape) implements FloatRows {
    @Override
    public void read(long row, float[] values) {
      long from = at + row * columns() * Float.BYTES;
      MemorySegment.copy(bytes, FLOAT, from, values, 0, columns());
    }
  }
}
