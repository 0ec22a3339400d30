package dev.retort.chat.jinja;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A value as templates see it: one of Python's. All but a [Namespace] are immutable. Two values
/// are equal when Python's `==` says so.
public sealed interface Value
    permits Value.None,
        Value.Numeric,
        Value.Text,
        Value.Sequence,
        Value.Tuple,
        Value.Dict,
        SafeText,
        DictView,
        Range,
        Generator,
        Namespace,
        Loop,
        Function,
        Undefined {

  /// Python's `None`, and JSON's `null`.
  enum None implements Value {
    NONE
  }

  /// What can be calculated with. Values of all three kinds can be equal, as in `1 == 1.0 == True`.
  sealed interface Numeric extends Value permits Bool, Int, Real {

    /// The value, rounded where it has no exact double.
    double real();
  }

  /// `True` or `False`.
  record Bool(boolean value) implements Numeric {
    static final Bool TRUE = new Bool(true);
    static final Bool FALSE = new Bool(false);

    @Override
    public double real() {
      return value ? 1 : 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return Numbers.equal(this, other);
    }

    @Override
    public int hashCode() {
      return Double.hashCode(real());
    }
  }

  /// An integer of any size.
  record Int(BigInteger value) implements Numeric {

    @Override
    public double real() {
      return value.doubleValue();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return Numbers.equal(this, other);
    }

    @Override
    public int hashCode() {
      return Double.hashCode(real());
    }
  }

  /// A floating-point number: Python's `float`.
  record Real(double real) implements Numeric {

    @Override
    public boolean equals(@Nullable Object other) {
      return Numbers.equal(this, other);
    }

    @Override
    public int hashCode() {
      return Double.hashCode(real == 0 ? 0 : real);
    }
  }

  /// A text.
  record Text(String value) implements Value {
    static final Text EMPTY = new Text("");

    @Override
    public boolean equals(@Nullable Object other) {
      return Types.isText(other, value);
    }

    @Override
    public int hashCode() {
      return value.hashCode();
    }
  }

  /// A list.
  record Sequence(List<Value> items) implements Value {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /// A tuple.
  record Tuple(List<Value> items) implements Value {
    public Tuple {
      items = List.copyOf(items);
    }
  }

  /// A dictionary, in the order in which its entries were added.
  record Dict(SequencedMap<Value, Value> entries) implements Value {
    public Dict {
      entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
    }

    /// A dictionary with texts as keys.
    public static Dict of(Map<String, ? extends Value> entries) {
      SequencedMap<Value, Value> values = new LinkedHashMap<>();
      entries.forEach((key, value) -> values.put(new Text(key), value));
      return new Dict(values);
    }

    /// The value of an entry whose key is a text.
    public Optional<Value> get(String key) {
      return Optional.ofNullable(entries.get(new Text(key)));
    }

    /// The same dictionary with one entry replaced, or added at the end.
    public Dict with(String key, Value value) {
      SequencedMap<Value, Value> changed = new LinkedHashMap<>(entries);
      changed.put(new Text(key), value);
      return new Dict(changed);
    }
  }

  /// The value of a text.
  static Value of(String text) {
    return new Text(text);
  }

  /// The value of a number.
  static Value of(long number) {
    return new Int(BigInteger.valueOf(number));
  }

  /// The value of a number.
  static Value of(double number) {
    return new Real(number);
  }

  /// `True` or `False`.
  static Value of(boolean truth) {
    return truth ? Bool.TRUE : Bool.FALSE;
  }

  /// A list.
  static Value of(List<? extends Value> items) {
    return new Sequence(List.copyOf(items));
  }
}
