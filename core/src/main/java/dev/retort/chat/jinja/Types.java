package dev.retort.chat.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// What Python knows about values by their types: names, truth, length, items.
final class Types {

  private Types() {}

  static String name(Value value) {
    return switch (value) {
      case Value.None _ -> "NoneType";
      case Value.Bool _ -> "bool";
      case Value.Int _ -> "int";
      case Value.Real _ -> "float";
      case Value.Text _ -> "str";
      case SafeText _ -> "Markup";
      case Value.Sequence _ -> "list";
      case Value.Tuple _ -> "tuple";
      case Value.Dict _ -> "dict";
      case DictView view -> view.kind();
      case Range _ -> "range";
      case Generator generator -> generator.kind();
      case Namespace _ -> "TemplateNamespace";
      case Loop _ -> "LoopContext";
      case Function function -> function.macro() ? "Macro" : "function";
      case Undefined _ -> "Undefined";
    };
  }

  /// The text that a value is; empty if it is none.
  static Optional<String> string(Value value) {
    return switch (value) {
      case Value.Text(String text) -> Optional.of(text);
      case SafeText(String text) -> Optional.of(text);
      default -> Optional.empty();
    };
  }

  /// Whether something is a text, marked as safe or not, of these characters.
  static boolean isText(@Nullable Object value, String characters) {
    return (value instanceof Value.Text(String text) && text.equals(characters))
        || (value instanceof SafeText(String safe) && safe.equals(characters));
  }

  /// Fails if the value is undefined.
  static void requireDefined(Value value) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
  }

  /// Python's `bool()`.
  static boolean truth(Value value) {
    return switch (value) {
      case Value.None _, Undefined _ -> false;
      case Value.Numeric number -> number.real() != 0;
      default -> {
        OptionalInt length = sizeOf(value);
        yield length.isEmpty() || length.getAsInt() > 0;
      }
    };
  }

  /// Python's `len()`; empty where a type has none.
  static OptionalInt sizeOf(Value value) {
    return switch (value) {
      case Value.Text(String text) -> OptionalInt.of(Strings.length(text));
      case SafeText(String text) -> OptionalInt.of(Strings.length(text));
      case Value.Sequence(List<Value> items) -> OptionalInt.of(items.size());
      case Value.Tuple(List<Value> items) -> OptionalInt.of(items.size());
      case Value.Dict dict -> OptionalInt.of(dict.entries().size());
      case DictView view -> OptionalInt.of(view.items().size());
      case Range range -> OptionalInt.of(range.items().size());
      case Loop loop -> OptionalInt.of(loop.length());
      case Undefined _ -> OptionalInt.of(0);
      case Value.None _, Value.Numeric _, Generator _, Namespace _, Function _ ->
          OptionalInt.empty();
    };
  }

  /// Python's `len()`.
  static int length(Value value) {
    return sizeOf(value)
        .orElseThrow(() -> Failure.evaluation("object of type '%s' has no len()", name(value)));
  }

  /// Python's `iter()`; empty where a type cannot be iterated over.
  static Optional<Iterator<Value>> iteratorOf(Value value) {
    return switch (value) {
      case Value.Text(String text) -> Optional.of(Strings.characters(text).iterator());
      case SafeText(String text) -> Optional.of(Strings.characters(text).iterator());
      case Value.Sequence(List<Value> items) -> Optional.of(items.iterator());
      case Value.Tuple(List<Value> items) -> Optional.of(items.iterator());
      case Value.Dict dict -> Optional.of(dict.entries().sequencedKeySet().iterator());
      case DictView view -> Optional.of(view.items().iterator());
      case Range range -> Optional.of(range.items().iterator());
      case Generator generator -> Optional.of(generator.values());
      case Undefined _ -> Optional.of(List.<Value>of().iterator());
      case Loop loop -> throw Failure.unsupported("iterating over %s", name(loop));
      case Value.None _, Value.Numeric _, Namespace _, Function _ -> Optional.empty();
    };
  }

  /// Python's `iter()`.
  static Iterator<Value> iterator(Value value) {
    return iteratorOf(value)
        .orElseThrow(() -> Failure.evaluation("'%s' object is not iterable", name(value)));
  }

  /// Python's `list()`.
  static List<Value> items(Value value) {
    Iterable<Value> values = () -> iterator(value);
    return StreamSupport.stream(values.spliterator(), false).toList();
  }
}
