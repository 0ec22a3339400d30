package dev.retort.chat.jinja;

import static java.util.Map.entry;

import dev.retort.chat.jinja.Value.Bool;
import dev.retort.chat.jinja.Value.Numeric;
import java.util.Map;

/// jinja2's tests.
final class Tests {

  private Tests() {}

  static Map<String, Library.Test> all(Library library) {
    return Map.ofEntries(
        entry("defined", (value, _) -> !(value instanceof Undefined)),
        entry("undefined", (value, _) -> value instanceof Undefined),
        entry("none", (value, _) -> value == Value.None.NONE),
        entry("boolean", (value, _) -> value instanceof Bool),
        entry("true", (value, _) -> value instanceof Bool(boolean truth) && truth),
        entry("false", (value, _) -> value instanceof Bool(boolean truth) && !truth),
        entry("integer", (value, _) -> value instanceof Value.Int),
        entry("float", (value, _) -> value instanceof Value.Real),
        entry("number", (value, _) -> value instanceof Numeric),
        entry("string", (value, _) -> Types.string(value).isPresent()),
        entry("mapping", (value, _) -> value instanceof Value.Dict),
        entry("sequence", (value, _) -> isSequence(value)),
        entry("iterable", (value, _) -> Types.iteratorOf(value).isPresent()),
        entry("callable", (value, _) -> value instanceof Function || value instanceof Undefined),
        entry("escaped", (value, _) -> value instanceof SafeText),
        entry("lower", (value, _) -> Strings.isAll(Repr.text(value), false)),
        entry("upper", (value, _) -> Strings.isAll(Repr.text(value), true)),
        entry("odd", (value, _) -> remainder(value, Value.of(2)).equals(Value.of(1))),
        entry("even", (value, _) -> remainder(value, Value.of(2)).equals(Value.of(0))),
        entry(
            "divisibleby",
            (value, arguments) -> remainder(value, one(arguments)).equals(Value.of(0))),
        entry("in", (value, arguments) -> Operators.contains(one(arguments), value)),
        entry("sameas", (value, arguments) -> same(value, one(arguments))),
        entry("filter", (value, _) -> library.filters().containsKey(Repr.text(value))),
        entry("test", (value, _) -> library.tests().containsKey(Repr.text(value))),
        entry("==", Tests::equal),
        entry("eq", Tests::equal),
        entry("equalto", Tests::equal),
        entry("!=", (value, arguments) -> !equal(value, arguments)),
        entry("ne", (value, arguments) -> !equal(value, arguments)),
        entry("<", order("<")),
        entry("lt", order("<")),
        entry("lessthan", order("<")),
        entry("<=", order("<=")),
        entry("le", order("<=")),
        entry(">", order(">")),
        entry("gt", order(">")),
        entry("greaterthan", order(">")),
        entry(">=", order(">=")),
        entry("ge", order(">=")));
  }

  private static boolean isSequence(Value value) {
    return switch (value) {
      case Value.Numeric _,
          Value.None _,
          DictView _,
          Generator _,
          Namespace _,
          Function _,
          Loop _ ->
          false;
      default -> true;
    };
  }

  private static Value remainder(Value value, Value divisor) {
    return Operators.apply("%", value, divisor);
  }

  private static boolean equal(Value value, Arguments arguments) {
    return value.equals(one(arguments));
  }

  /// Python's `is`: for the values that exist once. Of others, whether two equal ones are the same
  /// depends on the Python that runs.
  private static boolean same(Value value, Value other) {
    if (value instanceof Bool || value == Value.None.NONE) {
      return Types.name(value).equals(Types.name(other)) && value.equals(other);
    }
    if (other instanceof Bool || other == Value.None.NONE || !value.equals(other)) {
      return false;
    }
    throw Failure.unsupported(
        "the test 'sameas' of two equal values of type %s; use ==", Types.name(value));
  }

  private static Library.Test order(String operator) {
    return (value, arguments) -> Order.holds(operator, value, one(arguments));
  }

  private static Value one(Arguments arguments) {
    return arguments.bind("test", "other").get("other");
  }
}
