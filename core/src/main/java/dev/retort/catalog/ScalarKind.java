package dev.retort.catalog;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The single values of Java's own types that a recipe can hold, and how they are written.
enum ScalarKind {
  INT("a whole number"),
  LONG("a whole number"),
  FLOAT("a number"),
  DOUBLE("a number"),
  BOOLEAN("true or false"),
  STRING("text"),
  PATH("a path");

  /// `5e-5`, `1_000`, `.5`; YAML 1.1, YAML 1.2 and JSON disagree about these, so we decide.
  static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:\\d+(?:_\\d+)*(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d{1,4})?");

  /// Octal in YAML 1.1, decimal in YAML 1.2: refused.
  private static final Pattern LEADING_ZERO = Pattern.compile("([-+]?)0+(\\d[\\d_]*)");

  private static final Map<Class<?>, ScalarKind> BY_TYPE =
      Map.ofEntries(
          Map.entry(int.class, INT),
          Map.entry(Integer.class, INT),
          Map.entry(long.class, LONG),
          Map.entry(Long.class, LONG),
          Map.entry(float.class, FLOAT),
          Map.entry(Float.class, FLOAT),
          Map.entry(double.class, DOUBLE),
          Map.entry(Double.class, DOUBLE),
          Map.entry(boolean.class, BOOLEAN),
          Map.entry(Boolean.class, BOOLEAN),
          Map.entry(String.class, STRING),
          Map.entry(Path.class, PATH));

  private final String description;

  ScalarKind(String description) {
    this.description = description;
  }

  /// The kind that values of a Java type have.
  static Optional<ScalarKind> of(Class<?> type) {
    return Optional.ofNullable(BY_TYPE.get(type));
  }

  /// What a user calls it, such as "a whole number".
  String description() {
    return description;
  }

  boolean isWholeNumber() {
    return this == INT || this == LONG;
  }

  boolean isNumber() {
    return isWholeNumber() || this == FLOAT || this == DOUBLE;
  }

  /// Whether it is written without quotes.
  boolean isLiteral() {
    return isNumber() || this == BOOLEAN;
  }

  /// The value that `text` stands for; throws [IllegalArgumentException] that says what was
  /// expected and what was found.
  Object parse(String text) {
    return switch (this) {
      case INT -> Math.toIntExact(whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case LONG -> whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
      case FLOAT -> {
        float value = fraction(text).floatValue();
        yield inRange(Float.isFinite(value), text, Float.MAX_VALUE, value);
      }
      case DOUBLE -> {
        double value = fraction(text).doubleValue();
        yield inRange(Double.isFinite(value), text, Double.MAX_VALUE, value);
      }
      case BOOLEAN -> truth(text);
      case STRING -> text;
      case PATH -> path(text);
    };
  }

  /// The text that [#parse] turns into an equal value; throws [IllegalArgumentException] for
  /// infinities and NaN, which no recipe can hold.
  String format(Object value) {
    if (this != FLOAT && this != DOUBLE) {
      return value.toString();
    }
    if (!Double.isFinite(((Number) value).doubleValue())) {
      throw new IllegalArgumentException("%s cannot be written in a recipe".formatted(value));
    }
    // Readers of YAML 1.1 see a number only in '1.0e+10', with a dot and a sign.
    return value.toString().replace("E-", "e-").replace("E", "e+");
  }

  /// What was found, for messages: `5`, or `the text 'abc'`.
  static String found(String text) {
    String shown = text.length() <= 60 ? text : text.substring(0, 57) + "...";
    return NUMBER.matcher(text).matches() ? shown : "the text '" + shown + "'";
  }

  private BigDecimal number(String text) {
    var leadingZero = LEADING_ZERO.matcher(text);
    if (leadingZero.matches()) {
      throw new IllegalArgumentException(
          "'%s' may be read as octal because it starts with 0; write %s%s"
              .formatted(text, leadingZero.group(1), leadingZero.group(2)));
    }
    if (!NUMBER.matcher(text).matches()) {
      throw unexpected(text);
    }
    return new BigDecimal(text.replace("_", ""));
  }

  private BigDecimal fraction(String text) {
    return text.endsWith("%")
        ? number(text.substring(0, text.length() - 1).strip()).movePointLeft(2)
        : number(text);
  }

  private long whole(String text, long least, long most) {
    BigDecimal number = number(text);
    if (number.stripTrailingZeros().scale() > 0) {
      throw unexpected(text);
    }
    if (number.compareTo(BigDecimal.valueOf(least)) < 0
        || number.compareTo(BigDecimal.valueOf(most)) > 0) {
      throw outOfRange(text, most);
    }
    return number.longValueExact();
  }

  private static Object inRange(boolean finite, String text, Number most, Object value) {
    if (!finite) {
      throw outOfRange(text, most);
    }
    return value;
  }

  private Object truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      case "yes", "on", "y" -> throw hint(text, "true");
      case "no", "off", "n" -> throw hint(text, "false");
      default -> throw unexpected(text);
    };
  }

  private static Object path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "'%s' is not a path: %s".formatted(text, e.getReason()), e);
    }
  }

  private IllegalArgumentException unexpected(String text) {
    return new IllegalArgumentException(
        "expected %s but found %s".formatted(description, found(text)));
  }

  private IllegalArgumentException hint(String text, String meant) {
    return new IllegalArgumentException(
        "expected %s but found '%s'; write %s".formatted(description, text, meant));
  }

  private static IllegalArgumentException outOfRange(String text, Number most) {
    return new IllegalArgumentException(
        "%s is out of range; the limit is %s".formatted(text, most));
  }
}
