package dev.retort.chat.jinja;

import dev.retort.chat.jinja.TemplateException.Kind;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The functions that every chat template can call.
final class Globals {

  private Globals() {}

  /// @param clock what `strftime_now` reads
  static Map<String, Value> all(Clock clock) {
    Map<String, Value> globals = new LinkedHashMap<>();
    define(globals, "range", Globals::range);
    define(globals, "dict", arguments -> Arguments.dict("dict", arguments));
    define(globals, "namespace", Globals::namespace);
    define(globals, "raise_exception", Globals::raise);
    define(globals, "strftime_now", arguments -> now(clock, arguments));
    for (String name : List.of("lipsum", "cycler", "joiner")) {
      define(
          globals,
          name,
          _ -> {
            throw Failure.unsupported("the function %s", name);
          });
    }
    return globals;
  }

  private static void define(Map<String, Value> globals, String name, Function.Body body) {
    globals.put(name, Function.of(name, body));
  }

  private static Value range(Arguments arguments) {
    List<Long> bounds =
        arguments.positionalOnly("range").stream()
            .map(value -> (long) Numbers.index(value))
            .toList();
    return switch (bounds.size()) {
      case 1 -> new Range(0, bounds.getFirst(), 1);
      case 2 -> new Range(bounds.get(0), bounds.get(1), 1);
      case 3 -> new Range(bounds.get(0), bounds.get(1), bounds.get(2));
      default -> throw Failure.evaluation("range expected 1 to 3 arguments, got %d", bounds.size());
    };
  }

  private static Value namespace(Arguments arguments) {
    Map<String, Value> attributes = new LinkedHashMap<>();
    Arguments.dict("namespace", arguments)
        .entries()
        .forEach((name, value) -> attributes.put(Repr.text(name), value));
    return new Namespace(attributes);
  }

  private static Value raise(Arguments arguments) {
    Value message = arguments.bind("raise_exception", "message").get("message");
    throw new Failure(Kind.RAISED, Repr.text(message));
  }

  private static Value now(Clock clock, Arguments arguments) {
    String format = arguments.bind("strftime_now", "format").string("format");
    return Value.of(Strftime.format(ZonedDateTime.now(clock), format));
  }
}
