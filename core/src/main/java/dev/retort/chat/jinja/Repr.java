package dev.retort.chat.jinja;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// How Python writes values: `str()`, as when they are printed, and `repr()`, as inside of lists.
final class Repr {
  private static final int FIRST_EXPONENT = 16;
  private static final int LAST_EXPONENT = -4;

  private Repr() {}

  /// Python's `str()`.
  static String text(Value value) {
    return switch (value) {
      case Value.Text(String text) -> text;
      case SafeText(String text) -> text;
      case Undefined _ -> "";
      default -> of(value);
    };
  }

  /// Python's `repr()`.
  static String of(Value value) {
    return switch (value) {
      case Value.None _ -> "None";
      case Value.Bool(boolean truth) -> truth ? "True" : "False";
      case Value.Int(var number) -> number.toString();
      case Value.Real(double number) -> real(number);
      case Value.Text(String text) -> of(text);
      case SafeText(String text) -> "Markup(" + of(text) + ")";
      case Value.Sequence(List<Value> items) -> "[" + list(items) + "]";
      case Value.Tuple(List<Value> items) ->
          items.size() == 1 ? "(" + list(items) + ",)" : "(" + list(items) + ")";
      case Value.Dict dict -> dict(dict);
      case DictView view -> view.kind() + "([" + list(view.items()) + "])";
      case Range(long start, long stop, long step) ->
          "range(" + start + ", " + stop + (step == 1 ? ")" : ", " + step + ")");
      case Namespace namespace -> "<Namespace " + dict(namespace.dict()) + ">";
      case Function(String name, boolean macro, _) when macro -> "<Macro " + of(name) + ">";
      case Undefined _ -> "Undefined";
      case Loop loop -> "<LoopContext " + loop.index() + "/" + loop.length() + ">";
      case Generator _, Function _ ->
          throw Failure.unsupported(
              "printing a %s, which shows an address in Python%s",
              Types.name(value), value instanceof Generator ? "; use |list first" : "");
    };
  }

  /// Python's `repr()` of a text: in single quotes, unless it has some and no double ones.
  static String of(String text) {
    char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
    StringBuilder quoted = new StringBuilder().append(quote);
    text.codePoints().forEach(character -> quoted.append(escape(character, quote)));
    return quoted.append(quote).toString();
  }

  /// Python's `repr()` of a double: the shortest digits that read back as the same number, with an
  /// exponent below −4 and from 16.
  static String real(double number) {
    if (!Double.isFinite(number)) {
      return Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
    }
    if (number == 0) {
      return 1 / number < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= LAST_EXPONENT && exponent < FIRST_EXPONENT) {
      String plain = shortest.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String digits = shortest.unscaledValue().abs().toString();
    return (number < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + "e%+03d".formatted(exponent);
  }

  private static String list(Collection<Value> items) {
    return items.stream().map(Repr::of).collect(Collectors.joining(", "));
  }

  private static String dict(Value.Dict dict) {
    return dict.entries().entrySet().stream()
        .map(entry -> of(entry.getKey()) + ": " + of(entry.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String escape(int character, char quote) {
    return switch (character) {
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> {
        if (character == quote) {
          yield "\\" + quote;
        }
        yield isPrintable(character) ? Character.toString(character) : coded(character);
      }
    };
  }

  private static String coded(int character) {
    HexFormat hex = HexFormat.of();
    if (character < 0x100) {
      return "\\x" + hex.toHexDigits(character, 2);
    }
    return character < 0x10000
        ? "\\u" + hex.toHexDigits(character, 4)
        : "\\U" + hex.toHexDigits(character, 8);
  }

  private static boolean isPrintable(int character) {
    return character == ' '
        || switch (Character.getType(character)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.SPACE_SEPARATOR ->
              false;
          default -> true;
        };
  }
}
