package dev.retort.chat.jinja;

import static java.util.Map.entry;

import dev.retort.chat.jinja.Library.Filter;
import dev.retort.chat.jinja.Value.Numeric;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The filters that make texts or numbers.
final class TextFilters {
  private static final Pattern WORD = Pattern.compile("[^-\\s({\\[<]+");
  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+(_\\d+)*");
  private static final Pattern REAL =
      Pattern.compile("[+-]?(\\d[\\d_]*\\.?[\\d_]*|\\.\\d[\\d_]*)([eE][+-]?\\d+)?");

  private TextFilters() {}

  static Map<String, Filter> all() {
    return Map.ofEntries(
        entry("abs", (value, _) -> absolute(value)),
        entry("capitalize", text("capitalize", Strings::capitalize)),
        entry("e", (value, _) -> SafeText.escape(value)),
        entry("escape", (value, _) -> SafeText.escape(value)),
        entry("float", TextFilters::real),
        entry("forceescape", (value, _) -> SafeText.escape(Repr.text(value))),
        entry("format", TextFilters::format),
        entry("indent", TextFilters::indent),
        entry("int", TextFilters::integer),
        entry("lower", text("lower", Strings::lower)),
        entry("replace", TextFilters::replace),
        entry("round", TextFilters::round),
        entry("safe", (value, _) -> new SafeText(Repr.text(value))),
        entry("string", (value, _) -> value instanceof SafeText ? value : text(value)),
        entry("title", text("title", TextFilters::title)),
        entry("tojson", TextFilters::json),
        entry("trim", TextFilters::trim),
        entry("upper", text("upper", Strings::upper)));
  }

  private static Filter text(String name, UnaryOperator<String> change) {
    return (value, arguments) -> {
      arguments.bind(name);
      return Value.of(change.apply(plain(name, value)));
    };
  }

  private static Value text(Value value) {
    return Value.of(Repr.text(value));
  }

  /// Python's `str()` of a value that is not marked as safe: what HTML escaping would do with those
  /// is of no use to chat templates.
  private static String plain(String filter, Value value) {
    if (value instanceof SafeText) {
      throw Failure.unsupported("the filter %s of what |safe gives", Repr.of(filter));
    }
    return Repr.text(value);
  }

  private static Value trim(Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("trim", "chars");
    Optional<String> characters = bound.some("chars").map(_ -> bound.string("chars"));
    return Value.of(TextMethods.strip(plain("trim", value), characters, true, true));
  }

  private static Value replace(Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
    int most = bound.some("count").map(Numbers::index).orElse(-1);
    String old = Repr.text(bound.get("old"));
    return Value.of(Strings.replace(Repr.text(value), old, Repr.text(bound.get("new")), most));
  }

  private static String title(String text) {
    return WORD.matcher(text).replaceAll(TextFilters::titled);
  }

  private static String titled(MatchResult word) {
    String text = word.group();
    int first = text.offsetByCodePoints(0, 1);
    String titled = Strings.upper(text.substring(0, first)) + Strings.lower(text.substring(first));
    return Matcher.quoteReplacement(titled);
  }

  private static Value indent(Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("indent", "width", "first", "blank");
    Value width = bound.find("width").orElse(Value.of(4));
    String by = Types.string(width).orElseGet(() -> " ".repeat(Math.max(0, Numbers.index(width))));
    boolean blank = bound.flag("blank");
    List<String> lines = Strings.lines(string("indent", value) + "\n", false);
    String rest =
        lines.stream()
            .skip(1)
            .map(line -> "\n" + (blank || !line.isEmpty() ? by : "") + line)
            .collect(Collectors.joining());
    return Value.of((bound.flag("first") ? by : "") + lines.getFirst() + rest);
  }

  private static String string(String filter, Value value) {
    Types.requireDefined(value);
    return Types.string(value)
        .map(_ -> plain(filter, value))
        .orElseThrow(() ->
            Failure.evaluation(
                "unsupported operand type(s) for +=: '%s' and 'str'", Types.name(value)));
  }

  private static Value format(Value value, Arguments arguments) {
    if (!arguments.keywords().isEmpty()) {
      throw Failure.unsupported("names in a format, such as %%(name)s");
    }
    String format = plain("format", value);
    return Value.of(PrintfFormat.apply(format, new Value.Tuple(arguments.positional())));
  }

  private static Value json(Value value, Arguments arguments) {
    Arguments.Bound bound =
        arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
    Optional<String> indent =
        bound.some("indent").map(by -> Types.string(by).orElseGet(() -> " ".repeat(spaces(by))));
    List<Value> separators =
        bound
            .some("separators")
            .map(Types::items)
            .orElse(List.of(Value.of(indent.isPresent() ? "," : ", "), Value.of(": ")));
    if (separators.size() != 2) {
      throw Failure.evaluation("separators must be (item_separator, key_separator)");
    }
    boolean ascii = bound.flag("ensure_ascii");
    Json json =
        new Json(
            ascii,
            indent,
            Repr.text(separators.get(0)),
            Repr.text(separators.get(1)),
            bound.flag("sort_keys"));
    return Value.of(json.write(value));
  }

  private static int spaces(Value indent) {
    return Math.max(0, Numbers.index(indent));
  }

  private static Value integer(Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("int", "default", "base");
    Types.requireDefined(value);
    if (bound.integer("base", 10) != 10) {
      throw Failure.unsupported("int() of another base than 10");
    }
    Value fallback = bound.find("default").orElse(Value.of(0));
    if (value instanceof Numeric number) {
      return Double.isFinite(number.real()) ? Numbers.truncate(number) : fallback;
    }
    String text =
        Types.string(value)
            .map(some -> TextMethods.strip(some, Optional.empty(), true, true))
            .orElse("");
    if (INTEGER.matcher(text).matches()) {
      return new Value.Int(new BigInteger(text.replace("_", "")));
    }
    return REAL.matcher(text).matches() ? truncated(text, fallback) : fallback;
  }

  private static Value truncated(String text, Value fallback) {
    double real = Double.parseDouble(text.replace("_", ""));
    return Double.isFinite(real) ? Numbers.truncate(new Value.Real(real)) : fallback;
  }

  private static Value real(Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("float", "default");
    Types.requireDefined(value);
    if (value instanceof Numeric number) {
      return Value.of(number.real());
    }
    String text = Types.string(value).map(String::strip).orElse("");
    if (REAL.matcher(text).matches()) {
      return Value.of(Double.parseDouble(text.replace("_", "")));
    }
    return switch (Strings.lower(text).replaceFirst("^\\+", "")) {
      case "inf", "infinity" -> Value.of(Double.POSITIVE_INFINITY);
      case "-inf", "-infinity" -> Value.of(Double.NEGATIVE_INFINITY);
      case "nan", "-nan" -> Value.of(Double.NaN);
      default -> bound.find("default").orElse(Value.of(0.0));
    };
  }

  private static Value round(Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("round", "precision", "method");
    int places = bound.integer("precision", 0);
    if (!(value instanceof Numeric number)) {
      throw Failure.evaluation("type %s doesn't define __round__ method", Types.name(value));
    }
    double scale = Math.pow(10, places);
    return switch (bound.text("method", "common")) {
      case "common" -> Numbers.round(number, places);
      case "ceil" -> Value.of(Math.ceil(number.real() * scale) / scale);
      case "floor" -> Value.of(Math.floor(number.real() * scale) / scale);
      default -> throw Failure.evaluation("method must be common, ceil or floor");
    };
  }

  private static Value absolute(Value value) {
    if (value instanceof Numeric number) {
      return Numbers.absolute(number);
    }
    throw Failure.evaluation("bad operand type for abs(): '%s'", Types.name(value));
  }
}
