package dev.retort.gguf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// What a model says of itself under names such as `llama.block_count`, in the order of the file.
///
/// The getters refuse a value of another type with a message that names file, key and value. Whole
/// and floating-point types of any width are taken for each other's, as llama.cpp's converters were
/// not always of one mind.
///
/// @param origin where the values come from, for messages
/// @param values the values by their names
public record GgufMetadata(String origin, SequencedMap<String, GgufValue> values) {

  /// Keeps a copy of the values.
  public GgufMetadata {
    values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
  }

  /// The value `key`, if there is one.
  public Optional<GgufValue> find(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /// The text `key`, if there is one.
  public Optional<String> findText(String key) throws GgufException {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Text(String value) -> Optional.of(value);
      case GgufValue other -> throw unexpected(key, "a text", other);
    };
  }

  /// The text `key`.
  public String text(String key) throws GgufException {
    return require(key, findText(key));
  }

  /// The whole number `key`, if there is one.
  public Optional<Long> findWhole(String key) throws GgufException {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Whole(_, long value) -> Optional.of(value);
      case GgufValue other -> throw unexpected(key, "a whole number", other);
    };
  }

  /// The size or count `key`, if there is one: at least 0 and at most 2³¹ − 1.
  public Optional<Integer> findSize(String key) throws GgufException {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Whole(_, long value) when value >= 0 && value <= Integer.MAX_VALUE ->
          Optional.of((int) value);
      case GgufValue other -> throw unexpected(key, "a whole number from 0 to 2147483647", other);
    };
  }

  /// The size or count `key`: at least 0 and at most 2³¹ − 1.
  public int size(String key) throws GgufException {
    return require(key, findSize(key));
  }

  /// The number `key`, if there is one.
  public Optional<Double> findNumber(String key) throws GgufException {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Real(_, double value) -> Optional.of(value);
      case GgufValue.Whole(_, long value) -> Optional.of((double) value);
      case GgufValue other -> throw unexpected(key, "a number", other);
    };
  }

  /// The number `key`.
  public double number(String key) throws GgufException {
    return require(key, findNumber(key));
  }

  /// The flag `key`, if there is one.
  public Optional<Boolean> findFlag(String key) throws GgufException {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Bool(boolean value) -> Optional.of(value);
      case GgufValue other -> throw unexpected(key, "true or false", other);
    };
  }

  /// The texts `key`, if there are any.
  public Optional<List<String>> findTexts(String key) throws GgufException {
    Optional<List<GgufValue>> elements = findElements(key, GgufValueType.STRING);
    return elements.map(
        values -> values.stream().map(value -> ((GgufValue.Text) value).value()).toList());
  }

  /// The whole numbers of 32 bits `key`, if there are any.
  public Optional<List<Integer>> findInts(String key) throws GgufException {
    Optional<List<GgufValue>> elements = findElements(key, GgufValueType.INT32);
    return elements.map(
        values -> values.stream().map(value -> (int) ((GgufValue.Whole) value).value()).toList());
  }

  /// The numbers of single precision `key`, if there are any.
  public Optional<List<Float>> findFloats(String key) throws GgufException {
    Optional<List<GgufValue>> elements = findElements(key, GgufValueType.FLOAT32);
    return elements.map(
        values -> values.stream().map(value -> (float) ((GgufValue.Real) value).value()).toList());
  }

  private Optional<List<GgufValue>> findElements(String key, GgufValueType type)
      throws GgufException {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Array(GgufValueType elements, List<GgufValue> list) when elements == type ->
          Optional.of(list);
      case GgufValue other -> throw unexpected(key, "an array of " + type, other);
    };
  }

  private <T> T require(String key, Optional<T> value) throws GgufException {
    if (value.isPresent()) {
      return value.get();
    }
    throw new GgufException(
        "%s: the metadata has no '%s', which this architecture needs; convert the model again"
            .formatted(origin, key));
  }

  private GgufException unexpected(String key, String wanted, GgufValue found) {
    String shown =
        found instanceof GgufValue.Array(GgufValueType elements, List<GgufValue> list)
            ? "%d values of %s".formatted(list.size(), elements)
            : found.toString();
    return new GgufException(
        "%s: metadata '%s' must be %s, found %s".formatted(origin, key, wanted, shown));
  }
}
