package dev.retort.gguf;

import java.util.List;

/// A value of a file's metadata.
public sealed interface GgufValue {

  /// The type under which it is stored.
  GgufValueType type();

  /// A whole number. Numbers of `UINT64` above `Long.MAX_VALUE` are negative here.
  ///
  /// @param type one of the eight whole types
  /// @param value a number that fits the type
  record Whole(GgufValueType type, long value) implements GgufValue {}

  /// A floating-point number.
  ///
  /// @param type `FLOAT32` or `FLOAT64`
  record Real(GgufValueType type, double value) implements GgufValue {}

  /// True or false.
  record Bool(boolean value) implements GgufValue {
    @Override
    public GgufValueType type() {
      return GgufValueType.BOOL;
    }
  }

  /// A text in UTF-8.
  record Text(String value) implements GgufValue {
    @Override
    public GgufValueType type() {
      return GgufValueType.STRING;
    }
  }

  /// Values of one type, which may be arrays themselves.
  ///
  /// @param elements the type of each value
  record Array(GgufValueType elements, List<GgufValue> values) implements GgufValue {
    /// Keeps a copy of the values.
    public Array {
      values = List.copyOf(values);
    }

    @Override
    public GgufValueType type() {
      return GgufValueType.ARRAY;
    }
  }

  /// A whole number of 32 bits without a sign, the common type of sizes and counts.
  static GgufValue uint32(long value) {
    return new Whole(GgufValueType.UINT32, value);
  }

  /// A number of single precision.
  static GgufValue float32(double value) {
    return new Real(GgufValueType.FLOAT32, value);
  }

  /// Texts, as an array.
  static GgufValue texts(List<String> values) {
    return new Array(GgufValueType.STRING, values.stream().<GgufValue>map(Text::new).toList());
  }

  /// Whole numbers of 32 bits, as an array.
  static GgufValue int32s(List<Integer> values) {
    return new Array(
        GgufValueType.INT32,
        values.stream().<GgufValue>map(value -> new Whole(GgufValueType.INT32, value)).toList());
  }

  /// Numbers of single precision, as an array.
  static GgufValue float32s(List<Float> values) {
    return new Array(GgufValueType.FLOAT32, values.stream().map(GgufValue::float32).toList());
  }
}
