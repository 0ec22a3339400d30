package dev.retort.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.DoublePredicate;

/// The options of a benchmark's command line, `--name value` each.
final class Arguments {

  private static final String PREFIX = "--";

  private final Map<String, String> values;

  private Arguments(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /// Reads `args`.
  ///
  /// @param required the names that must be given
  /// @param defaults the names that may be given, with the values they have otherwise
  /// @throws IllegalArgumentException if an option is unknown, missing or has no value
  static Arguments parse(String[] args, List<String> required, Map<String, String> defaults) {
    Map<String, String> values = new HashMap<>(defaults);
    for (int i = 0; i < args.length; i += 2) {
      String name = args[i].startsWith(PREFIX) ? args[i].substring(PREFIX.length()) : "";
      if (!required.contains(name) && !defaults.containsKey(name)) {
        throw new IllegalArgumentException(
            "'%s' is not an option; required are %s, allowed %s"
                .formatted(args[i], required, new TreeSet<>(defaults.keySet())));
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException("%s: its value is missing".formatted(args[i]));
      }
      values.put(name, args[i + 1]);
    }
    required.stream()
        .filter(name -> !values.containsKey(name))
        .findFirst()
        .ifPresent(name -> {
          throw new IllegalArgumentException("--%s is required".formatted(name));
        });
    return new Arguments(values);
  }

  String text(String name) {
    return Optional.ofNullable(values.get(name))
        .orElseThrow(() -> new IllegalArgumentException("--%s is required".formatted(name)));
  }

  Path path(String name) {
    return Path.of(text(name));
  }

  /// A whole number of at least `least`.
  int count(String name, int least) {
    String value = text(name);
    try {
      int number = Integer.parseInt(value);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--%s: '%s' is not a whole number".formatted(name, value), e);
    }
    throw new IllegalArgumentException(
        "--%s: %s is too small; at least %d is allowed".formatted(name, value, least));
  }

  /// A number above 0.
  double positive(String name) {
    return number(name, value -> value > 0 && value < Double.POSITIVE_INFINITY, "a number above 0");
  }

  /// A number from 0 to below 1.
  double share(String name) {
    return number(name, value -> value >= 0 && value < 1, "a share from 0 to below 1");
  }

  private double number(String name, DoublePredicate allowed, String wanted) {
    String value = text(name);
    try {
      double number = Double.parseDouble(value);
      if (allowed.test(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--%s: '%s' is not a number".formatted(name, value), e);
    }
    throw new IllegalArgumentException(
        "--%s: %s is not allowed; give %s".formatted(name, value, wanted));
  }

  /// One of the constants of `type`, in any case.
  <E extends Enum<E>> E choice(String name, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text(name))) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        "--%s: '%s' is not one of %s"
            .formatted(name, text(name), List.of(type.getEnumConstants())));
  }
}
