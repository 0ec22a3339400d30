package dev.retort.gguf;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The types of tensors that Retort reads and writes. Weights are stored in blocks of consecutive
/// elements of a row; a block of a quantized type holds small whole numbers and what scales them.
public enum GgufType {
  F32(0, 1, 4, PlainCodec.SINGLE),
  F16(1, 1, 2, PlainCodec.HALF),
  BF16(30, 1, 2, PlainCodec.BRAIN),
  Q8_0(8, 32, 34, ByteCodec.Q8_0),
  Q5_1(7, 32, 24, new NibbleCodec(5, true)),
  Q5_0(6, 32, 22, new NibbleCodec(5, false)),
  Q4_1(3, 32, 20, new NibbleCodec(4, true)),
  Q4_0(2, 32, 18, new NibbleCodec(4, false)),
  Q6_K(14, 256, 210, SixBitCodec.Q6_K),
  Q5_K(13, 256, 176, new SuperBlockCodec(5)),
  Q4_K(12, 256, 144, new SuperBlockCodec(4));

  private static final float LARGEST_HALF = 65504;
  private static final float LARGEST_BRAIN = 0x1.FEp127f;

  private final int code;
  private final int blockElements;
  private final int blockBytes;

  @SuppressWarnings("ImmutableEnumChecker") // codecs are enums, and records of numbers
  private final BlockCodec codec;

  GgufType(int code, int blockElements, int blockBytes, BlockCodec codec) {
    this.code = code;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
    this.codec = codec;
  }

  /// The type's number in a file.
  int code() {
    return code;
  }

  /// The type with this number, or empty when Retort does not know it.
  static Optional<GgufType> ofCode(int code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }

  /// How many elements a block has; rows are whole numbers of blocks.
  public int blockElements() {
    return blockElements;
  }

  /// How many bytes a block has.
  public int blockBytes() {
    return blockBytes;
  }

  /// Whether rows of this length can be stored in this type.
  public boolean fits(long columns) {
    return columns % blockElements == 0;
  }

  /// The largest number that can be stored. In a quantized block the numbers that are stored as
  /// halves, the scale and the least weight, are never farther from 0 than the weights.
  float most() {
    return switch (this) {
      case F32 -> Float.MAX_VALUE;
      case BF16 -> LARGEST_BRAIN;
      default -> LARGEST_HALF;
    };
  }

  /// Checks that every weight of a row is a finite number that this type can store.
  ///
  /// @param what the file and the tensor, for the message
  /// @param row the row's number, for the message
  public void requireInRange(String what, long row, float[] values) throws GgufException {
    float most = most();
    for (int i = 0; i < values.length; i++) {
      if (!(Math.abs(values[i]) <= most)) {
        throw new GgufException(
            "%s has the weight %s in row %d, column %d; %s stores numbers from %s to %s; %s"
                .formatted(
                    what,
                    values[i],
                    row,
                    i,
                    this,
                    -most,
                    most,
                    Float.isFinite(values[i]) ? "use BF16 or F32" : "the model is damaged"));
      }
    }
  }

  /// The bytes of a row of `columns` elements.
  public int rowBytes(int columns) {
    return Math.toIntExact((long) columns / blockElements * blockBytes);
  }

  /// The bytes of a tensor of this shape.
  ///
  /// @throws ArithmeticException if they are more than a `long` can count
  long bytes(List<Long> shape) {
    long elements = shape.stream().reduce(1L, Math::multiplyExact);
    return Math.multiplyExact(elements / blockElements, (long) blockBytes);
  }

  /// Writes the weights in `row` to the beginning of `values`.
  ///
  /// @param row whole blocks
  /// @param values at least as many as the blocks hold
  public void decode(byte[] row, float[] values) {
    for (int at = 0, to = 0; at < row.length; at += blockBytes, to += blockElements) {
      codec.decode(row, at, values, to);
    }
  }

  /// Writes the first `columns` of `values` to the beginning of `row`, rounded as ggml's reference
  /// does.
  ///
  /// @param values finite numbers
  /// @param columns a whole number of blocks
  public void encode(float[] values, int columns, byte[] row) {
    for (int from = 0, at = 0; from < columns; from += blockElements, at += blockBytes) {
      codec.encode(values, from, row, at);
    }
  }
}
