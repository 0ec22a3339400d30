package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Value.Dict;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// The methods of Python's lists, tuples and dictionaries that change nothing.
final class CollectionMethods {

  private CollectionMethods() {}

  static Optional<Value> ofList(List<Value> items, String name) {
    return name.equals("copy")
        ? Optional.of(method(name, _ -> new Value.Sequence(items)))
        : ofTuple(items, name);
  }

  static Optional<Value> ofTuple(List<Value> items, String name) {
    return switch (name) {
      case "index" -> Optional.of(method(name, arguments -> index(items, arguments)));
      case "count" -> Optional.of(method(name, arguments -> count(items, arguments)));
      default -> Optional.empty();
    };
  }

  static Optional<Value> ofDict(Dict dict, String name) {
    return switch (name) {
      case "get" -> Optional.of(method(name, arguments -> get(dict, arguments)));
      case "items" -> Optional.of(plain(name, DictView.items(dict)));
      case "keys" -> Optional.of(plain(name, DictView.keys(dict)));
      case "values" -> Optional.of(plain(name, DictView.values(dict)));
      case "copy" -> Optional.of(plain(name, dict));
      case "fromkeys" -> throw Attributes.unknown(dict, name);
      default -> Optional.empty();
    };
  }

  private static Value get(Dict dict, Arguments arguments) {
    List<Value> given = arguments.positionalOnly("dict.get");
    if (given.isEmpty() || given.size() > 2) {
      throw Failure.evaluation(
          given.isEmpty()
              ? "get expected at least 1 argument, got 0"
              : "get expected at most 2 arguments, got " + given.size());
    }
    Value fallback = given.size() == 2 ? given.get(1) : Value.None.NONE;
    return dict.entries().getOrDefault(Hashing.key(given.getFirst()), fallback);
  }

  private static Value index(List<Value> items, Arguments arguments) {
    if (arguments.positional().size() != 1) {
      throw Failure.unsupported("index() with bounds");
    }
    Value wanted = arguments.positional().getFirst();
    int place = items.indexOf(wanted);
    if (place < 0) {
      throw Failure.evaluation("%s is not in list", Repr.of(wanted));
    }
    return Value.of(place);
  }

  private static Value count(List<Value> items, Arguments arguments) {
    Value wanted = arguments.bind("count", "value").get("value");
    return Value.of(Collections.frequency(items, wanted));
  }

  private static Value plain(String name, Value result) {
    return method(
        name,
        arguments -> {
          arguments.bind(name);
          return result;
        });
  }

  private static Value method(String name, Function.Body body) {
    return Function.of(name, body);
  }
}
