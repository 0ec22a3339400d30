package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Value.Dict;
import dev.retort.chat.jinja.Value.Sequence;
import dev.retort.chat.jinja.Value.Text;
import dev.retort.chat.jinja.Value.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// How a value is looked into: `value.name`, `value[index]` and `value[from:to:step]`, with
/// jinja2's rules for which of attribute and element goes first.
final class Attributes {
  private static final Set<String> CHANGES_LIST =
      Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
  private static final Set<String> CHANGES_DICT =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  private Attributes() {}

  /// `value.name`: the attribute, or else the element.
  static Value dot(Value owner, String name) {
    Types.requireDefined(owner);
    return attribute(owner, name)
        .or(() -> element(owner, Value.of(name)))
        .orElseGet(() -> Undefined.attribute(owner, name));
  }

  /// `value[index]`: the element, or else the attribute.
  static Value item(Value owner, Value index) {
    Types.requireDefined(owner);
    return element(owner, index)
        .or(() -> Types.string(index).flatMap(name -> attribute(owner, name)))
        .orElseGet(() -> Undefined.element(owner, index));
  }

  /// What an attribute such as `author.name` or `0.text` leads to, as filters look it up: numbers
  /// are indexes.
  ///
  /// @param fallback what stands for a part that is undefined
  static Value path(Value owner, Value path, Optional<Value> fallback) {
    Value found = owner;
    for (Value part : parts(path)) {
      found = item(found, part);
      found = found instanceof Undefined ? fallback.orElse(found) : found;
    }
    return found;
  }

  private static List<Value> parts(Value path) {
    return Types.string(path)
        .map(names -> Stream.of(names.split("\\.", -1)).map(Attributes::part).toList())
        .orElse(List.of(path));
  }

  private static Value part(String name) {
    boolean index = !name.isEmpty() && name.chars().allMatch(Character::isDigit);
    return index ? Value.of(Long.parseLong(name)) : Value.of(name);
  }

  /// `value[start:stop:step]`. A bound that is left out is [Value.None].
  static Value slice(Value owner, Value start, Value stop, Value step) {
    Types.requireDefined(owner);
    Supplier<Slice> slice = () -> Slice.of(start, stop, step);
    return switch (owner) {
      case Text(String text) -> Value.of(slice.get().of(text));
      case SafeText(String text) -> new SafeText(slice.get().of(text));
      case Sequence(List<Value> items) -> new Sequence(slice.get().of(items));
      case Tuple(List<Value> items) -> new Tuple(slice.get().of(items));
      case Range _ -> throw Failure.unsupported("a slice of a range; use |list first");
      case Dict _ -> throw Failure.evaluation("unhashable type: 'slice'");
      default -> throw Failure.evaluation("'%s' object is not subscriptable", Types.name(owner));
    };
  }

  private static Optional<Value> element(Value owner, Value index) {
    return switch (owner) {
      case Dict dict -> Optional.ofNullable(dict.entries().get(index));
      case Sequence(List<Value> items) -> at(items, index);
      case Tuple(List<Value> items) -> at(items, index);
      case Range range -> at(range.items(), index);
      case Text(String text) -> at(Strings.characters(text), index);
      case SafeText(String text) ->
          at(Strings.characters(text), index).map(Repr::text).map(SafeText::new);
      default -> Optional.empty();
    };
  }

  private static Optional<Value> at(List<Value> items, Value index) {
    if (!(index instanceof Value.Int || index instanceof Value.Bool)) {
      return Optional.empty();
    }
    int position = Numbers.index(index);
    int place = position < 0 ? position + items.size() : position;
    return place >= 0 && place < items.size() ? Optional.of(items.get(place)) : Optional.empty();
  }

  private static Optional<Value> attribute(Value owner, String name) {
    if (name.startsWith("__") && name.endsWith("__")) {
      throw Failure.unsupported("the attribute %s of Python's objects", Repr.of(name));
    }
    return switch (owner) {
      case Text(String text) -> TextMethods.find(text, name);
      case SafeText _ -> refuse(owner, name, TextMethods.names());
      case Sequence(List<Value> items) ->
          CHANGES_LIST.contains(name)
              ? Optional.of(Undefined.unsafe(owner, name))
              : CollectionMethods.ofList(items, name);
      case Tuple(List<Value> items) -> CollectionMethods.ofTuple(items, name);
      case Dict dict ->
          CHANGES_DICT.contains(name)
              ? Optional.of(Undefined.unsafe(owner, name))
              : CollectionMethods.ofDict(dict, name);
      case Namespace namespace -> namespace.get(name);
      case Loop loop -> loop.attribute(name);
      case Function _ -> refuse(owner, name, Set.of("name", "arguments", "caller"));
      case Range _ -> refuse(owner, name, Set.of("start", "stop", "step", "index", "count"));
      case DictView _ -> refuse(owner, name, Set.of("mapping", "isdisjoint"));
      case Generator _ -> refuse(owner, name, Set.of("close", "send", "throw"));
      case Value.Int _, Value.Bool _, Value.Real _ -> refuse(owner, name, NUMBER);
      case Value.None _, Undefined _ -> Optional.empty();
    };
  }

  private static final Set<String> NUMBER =
      Set.of(
          "as_integer_ratio",
          "bit_count",
          "bit_length",
          "conjugate",
          "denominator",
          "from_bytes",
          "fromhex",
          "hex",
          "imag",
          "is_integer",
          "numerator",
          "real",
          "to_bytes");

  /// No attribute, unless Python has one of this name.
  private static Optional<Value> refuse(Value owner, String name, Set<String> known) {
    if (known.contains(name)) {
      throw unknown(owner, name);
    }
    return Optional.empty();
  }

  /// The failure of an attribute that Python has and this interpreter does not.
  static Failure unknown(Value owner, String name) {
    return Failure.unsupported("the attribute %s of a %s", Repr.of(name), Types.name(owner));
  }
}
