package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Value.Numeric;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Python's `format % values` with `%s`, `%r`, `%d`, `%i`, `%f`, a width, a precision and the flags
/// `-` and `0`.
final class PrintfFormat {
  private static final Pattern DIRECTIVE =
      Pattern.compile("%(?<flags>[-0]*)(?<width>\\d*)(?:\\.(?<precision>\\d+))?(?<kind>.?)");

  private PrintfFormat() {}

  static String apply(String format, Value values) {
    if (values instanceof Value.Dict && format.contains("%(")) {
      throw Failure.unsupported("names in a format, such as %%(name)s");
    }
    List<Value> list = values instanceof Value.Tuple(var items) ? items : List.of(values);
    Iterator<Value> rest = list.iterator();
    StringBuilder result = new StringBuilder();
    int end = 0;
    for (MatchResult match : DIRECTIVE.matcher(format).results().toList()) {
      result.append(format, end, match.start());
      result.append(match.group().equals("%%") ? "%" : padded(match, rest));
      end = match.end();
    }
    if (rest.hasNext() && !hasElements(values)) {
      throw Failure.evaluation("not all arguments converted during string formatting");
    }
    return result.append(format.substring(end)).toString();
  }

  /// Whether Python takes the values for a mapping, of which a format may use none.
  private static boolean hasElements(Value values) {
    return switch (values) {
      case Value.Dict _, Value.Sequence _, Range _, Undefined _ -> true;
      default -> false;
    };
  }

  private static String padded(MatchResult match, Iterator<Value> rest) {
    String text = converted(match, rest);
    String width = match.group("width");
    int missing = width.isEmpty() ? 0 : Integer.parseInt(width) - Strings.length(text);
    if (missing <= 0) {
      return text;
    }
    if (match.group("flags").contains("-")) {
      return text + " ".repeat(missing);
    }
    boolean zeros = match.group("flags").contains("0") && "dif".contains(match.group("kind"));
    if (!zeros) {
      return " ".repeat(missing) + text;
    }
    boolean negative = text.startsWith("-");
    return (negative ? "-" : "") + "0".repeat(missing) + text.substring(negative ? 1 : 0);
  }

  private static String converted(MatchResult match, Iterator<Value> rest) {
    String kind = match.group("kind");
    if (kind.isEmpty() || !"srdif".contains(kind)) {
      throw Failure.unsupported("the format %s", Repr.of(match.group()));
    }
    if (!rest.hasNext()) {
      throw Failure.evaluation("not enough arguments for format string");
    }
    Value value = rest.next();
    String precision = match.group("precision");
    return switch (kind) {
      case "s" -> cut(Repr.text(value), precision);
      case "r" -> cut(Repr.of(value), precision);
      case "f" -> fixed(number(kind, value), precision);
      default -> {
        if (precision != null) {
          throw Failure.unsupported("a precision in the format %s", Repr.of(match.group()));
        }
        yield Repr.of(Numbers.truncate(number(kind, value)));
      }
    };
  }

  private static String cut(String text, String precision) {
    int length = Strings.length(text);
    int most = precision == null ? length : Math.min(length, Integer.parseInt(precision));
    return text.substring(0, text.offsetByCodePoints(0, most));
  }

  private static String fixed(Numeric number, String precision) {
    if (!Double.isFinite(number.real())) {
      return Repr.real(number.real());
    }
    int places = precision == null ? 6 : Integer.parseInt(precision);
    return new BigDecimal(number.real()).setScale(places, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static Numeric number(String kind, Value value) {
    Types.requireDefined(value);
    if (value instanceof Numeric number) {
      return number;
    }
    throw Failure.evaluation(
        "%%%s format: a real number is required, not %s", kind, Types.name(value));
  }
}
