package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Value.Numeric;
import java.util.List;
import java.util.Optional;

/// Python's `<`, `<=`, `>` and `>=`: numbers among numbers, texts among texts, lists element by
/// element, and an error for all else.
final class Order {

  private Order() {}

  /// Compares as `<` does, for sorting.
  static int compare(Value left, Value right) {
    return compare("<", left, right);
  }

  /// Whether a comparison holds.
  ///
  /// @param operator one of `<`, `<=`, `>`, `>=`
  static boolean holds(String operator, Value left, Value right) {
    if (left instanceof Numeric a && right instanceof Numeric b && Numbers.unordered(a, b)) {
      return false;
    }
    int order = compare(operator, left, right);
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  private static int compare(String operator, Value left, Value right) {
    Optional<String> leftText = Types.string(left);
    Optional<String> rightText = Types.string(right);
    if (leftText.isPresent() && rightText.isPresent()) {
      return Strings.compare(leftText.get(), rightText.get());
    }
    if (left instanceof Numeric a && right instanceof Numeric b) {
      return Numbers.compare(a, b);
    }
    if (left instanceof Value.Sequence(var a) && right instanceof Value.Sequence(var b)) {
      return compareItems(operator, a, b);
    }
    if (left instanceof Value.Tuple(var a) && right instanceof Value.Tuple(var b)) {
      return compareItems(operator, a, b);
    }
    Types.requireDefined(left);
    Types.requireDefined(right);
    throw Failure.evaluation(
        "'%s' not supported between instances of '%s' and '%s'",
        operator, Types.name(left), Types.name(right));
  }

  private static int compareItems(String operator, List<Value> left, List<Value> right) {
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      if (!left.get(i).equals(right.get(i))) {
        return compare(operator, left.get(i), right.get(i));
      }
    }
    return Integer.compare(left.size(), right.size());
  }
}
