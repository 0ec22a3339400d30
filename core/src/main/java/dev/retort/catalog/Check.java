package dev.retort.catalog;

import java.util.Collection;

/// Argument checks for compact constructors: each message starts with the argument's name, shows
/// the value and says what is allowed, which is what [Binder] turns into a problem with a path.
public final class Check {

  private Check() {}

  /// Refuses values that are not above zero, NaN among them.
  public static void positive(String name, double value) {
    that(value > 0, name, "must be > 0 but is " + number(value));
  }

  /// Refuses values below `low` and NaN.
  public static void atLeast(String name, double value, double low) {
    that(value >= low, name, "must be >= " + number(low) + " but is " + number(value));
  }

  /// Refuses values outside `[low, high]` and NaN.
  public static void within(String name, double value, double low, double high) {
    that(
        value >= low && value <= high,
        name,
        "must be in [%s, %s] but is %s".formatted(number(low), number(high), number(value)));
  }

  /// Refuses the empty text and texts of white space.
  public static void notBlank(String name, String value) {
    that(!value.isBlank(), name, "must not be blank");
  }

  /// Refuses collections without elements.
  public static void notEmpty(String name, Collection<?> values) {
    that(!values.isEmpty(), name, "must not be empty");
  }

  /// Refuses unless `holds`; `problem` continues a sentence that starts with `name`.
  public static void that(boolean holds, String name, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(name + " " + problem);
    }
  }

  private static String number(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
    return whole ? Long.toString((long) value) : Double.toString(value);
  }
}
