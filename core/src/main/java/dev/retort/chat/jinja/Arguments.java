package dev.retort.chat.jinja;

import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// What a function, method, filter or test is called with.
record Arguments(List<Value> positional, SequencedMap<String, Value> keywords) {
  static final Arguments NONE = of();

  Arguments {
    positional = List.copyOf(positional);
    keywords = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(keywords));
  }

  static Arguments of(Value... positional) {
    return new Arguments(List.of(positional), new LinkedHashMap<>());
  }

  /// These arguments without the first `count` positional ones.
  Arguments after(int count) {
    return new Arguments(positional.subList(count, positional.size()), keywords);
  }

  /// These arguments with another keyword.
  Arguments with(String keyword, Value value) {
    SequencedMap<String, Value> more = new LinkedHashMap<>(keywords);
    more.put(keyword, value);
    return new Arguments(positional, more);
  }

  /// These arguments, of which none may be given by keyword.
  List<Value> positionalOnly(String function) {
    if (!keywords.isEmpty()) {
      throw Failure.evaluation("%s() takes no keyword arguments", function);
    }
    return positional;
  }

  /// Gives each parameter its argument.
  ///
  /// @param function its name, for messages
  Bound bind(String function, String... parameters) {
    if (positional.size() > parameters.length) {
      throw Failure.evaluation(
          "%s() takes at most %d arguments (%d given)",
          function, parameters.length, positional.size());
    }
    Map<String, Value> values = new HashMap<>();
    for (int i = 0; i < positional.size(); i++) {
      values.put(parameters[i], positional.get(i));
    }
    keywords.forEach((name, value) -> {
      if (!List.of(parameters).contains(name)) {
        throw Failure.evaluation(
            "%s() got an unexpected keyword argument %s", function, Repr.of(name));
      }
      if (values.putIfAbsent(name, value) != null) {
        throw Failure.evaluation(
            "%s() got multiple values for argument %s", function, Repr.of(name));
      }
    });
    return new Bound(function, values);
  }

  /// Arguments by the names of their parameters.
  record Bound(String function, Map<String, Value> values) {

    Optional<Value> find(String parameter) {
      return Optional.ofNullable(values.get(parameter));
    }

    /// The argument, unless it was left out or is `None`.
    Optional<Value> some(String parameter) {
      return find(parameter).filter(value -> value != Value.None.NONE);
    }

    Value get(String parameter) {
      return find(parameter)
          .orElseThrow(() ->
              Failure.evaluation(
                  "%s() missing a required argument: %s", function, Repr.of(parameter)));
    }

    /// Python's `str()` of an argument.
    String text(String parameter, String fallback) {
      return find(parameter).map(Repr::text).orElse(fallback);
    }

    /// An argument that must be a text.
    String string(String parameter) {
      Value value = get(parameter);
      return Types.string(value)
          .orElseThrow(() ->
              Failure.evaluation(
                  "%s() argument %s must be str, not %s",
                  function, Repr.of(parameter), Types.name(value)));
    }

    int integer(String parameter, int fallback) {
      return find(parameter).map(Numbers::index).orElse(fallback);
    }

    boolean flag(String parameter) {
      return find(parameter).map(Types::truth).orElse(false);
    }
  }

  /// The pairs that `dict` and `namespace` are made of: those of a mapping, and the keywords.
  static Value.Dict dict(String function, Arguments arguments) {
    SequencedMap<Value, Value> entries = new LinkedHashMap<>();
    if (arguments.positional.size() > 1) {
      throw Failure.evaluation(
          "%s expected at most 1 argument, got %d", function, arguments.positional.size());
    }
    for (Value source : arguments.positional) {
      if (source instanceof Value.Dict dict) {
        entries.putAll(dict.entries());
      } else {
        Types.items(source).forEach(pair -> putPair(entries, pair));
      }
    }
    arguments.keywords.forEach((name, value) -> entries.put(Value.of(name), value));
    return new Value.Dict(entries);
  }

  private static void putPair(SequencedMap<Value, Value> entries, Value pair) {
    List<Value> items = Types.items(pair);
    if (items.size() != 2) {
      throw Failure.evaluation(
          "dictionary update sequence element has length %d; 2 is required", items.size());
    }
    Iterator<Value> parts = items.iterator();
    entries.put(Hashing.key(parts.next()), parts.next());
  }
}
