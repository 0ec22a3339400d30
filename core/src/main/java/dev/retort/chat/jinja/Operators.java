package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Value.Numeric;
import dev.retort.chat.jinja.Value.Sequence;
import dev.retort.chat.jinja.Value.Text;
import dev.retort.chat.jinja.Value.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Python's operators on all kinds of values.
final class Operators {
  private static final int LONGEST = 100_000_000;

  private Operators() {}

  /// @param operator one of `+ - * / // % **`
  static Value apply(String operator, Value left, Value right) {
    Types.requireDefined(left);
    if (operator.equals("%") && left instanceof Text(String format)) {
      return Value.of(PrintfFormat.apply(format, right));
    }
    Types.requireDefined(right);
    if (left instanceof Numeric a && right instanceof Numeric b) {
      return calculate(operator, a, b);
    }
    return switch (operator) {
      case "+" -> add(left, right);
      case "*" -> repeat(left, right);
      default -> throw unsupportedOperands(operator, left, right);
    };
  }

  static Value negate(Value value) {
    return Numbers.negate(numeric("-", value));
  }

  static Value plus(Value value) {
    Numeric number = numeric("+", value);
    return number instanceof Value.Bool ? Numbers.truncate(number) : number;
  }

  /// Python's `in`.
  static boolean contains(Value container, Value item) {
    return switch (container) {
      case Text(String text) -> text.contains(part(item));
      case SafeText(String text) -> text.contains(part(item));
      case Value.Dict dict -> dict.entries().containsKey(Hashing.key(item));
      default -> search(container, item);
    };
  }

  private static boolean search(Value container, Value item) {
    var values =
        Types.iteratorOf(container)
            .orElseThrow(() ->
                Failure.evaluation("argument of type '%s' is not iterable", Types.name(container)));
    while (values.hasNext()) {
      if (values.next().equals(item)) {
        return true;
      }
    }
    return false;
  }

  private static String part(Value item) {
    return Types.string(item)
        .orElseThrow(() ->
            Failure.evaluation(
                "'in <string>' requires string as left operand, not %s", Types.name(item)));
  }

  private static Value calculate(String operator, Numeric left, Numeric right) {
    return switch (operator) {
      case "+" -> Numbers.add(left, right);
      case "-" -> Numbers.subtract(left, right);
      case "*" -> Numbers.multiply(left, right);
      case "/" -> Numbers.divide(left, right);
      case "//" -> Numbers.floorDivide(left, right);
      case "%" -> Numbers.modulo(left, right);
      case "**" -> Numbers.power(left, right);
      default -> throw new IllegalArgumentException(operator);
    };
  }

  private static Value add(Value left, Value right) {
    Optional<String> leftText = Types.string(left);
    Optional<String> rightText = Types.string(right);
    if (leftText.isPresent() && rightText.isPresent()) {
      return left instanceof SafeText || right instanceof SafeText
          ? new SafeText(SafeText.escape(left).value() + SafeText.escape(right).value())
          : Value.of(leftText.get() + rightText.get());
    }
    if (left instanceof Sequence(var a) && right instanceof Sequence(var b)) {
      return new Sequence(concatenate(a, b));
    }
    if (left instanceof Tuple(var a) && right instanceof Tuple(var b)) {
      return new Tuple(concatenate(a, b));
    }
    if (leftText.isPresent() || left instanceof Sequence || left instanceof Tuple) {
      String type = leftText.isPresent() ? "str" : Types.name(left);
      throw Failure.evaluation(
          "can only concatenate %s (not \"%s\") to %s", type, Types.name(right), type);
    }
    throw unsupportedOperands("+", left, right);
  }

  private static List<Value> concatenate(List<Value> left, List<Value> right) {
    List<Value> both = new ArrayList<>(left);
    both.addAll(right);
    return both;
  }

  private static Value repeat(Value left, Value right) {
    return left instanceof Numeric ? repeated(right, left) : repeated(left, right);
  }

  private static Value repeated(Value sequence, Value times) {
    if (!(times instanceof Value.Int || times instanceof Value.Bool)) {
      throw Types.sizeOf(sequence).isPresent() && !(sequence instanceof Value.Dict)
          ? Failure.evaluation("can't multiply sequence by non-int of type '%s'", Types.name(times))
          : unsupportedOperands("*", sequence, times);
    }
    int count = Math.max(0, Numbers.index(times));
    if ((long) count * Types.sizeOf(sequence).orElse(0) > LONGEST) {
      throw Failure.unsupported("a repetition of more than %d elements", LONGEST);
    }
    return switch (sequence) {
      case Text(String text) -> Value.of(text.repeat(count));
      case SafeText(String text) -> new SafeText(text.repeat(count));
      case Sequence(var items) -> new Sequence(repeated(items, count));
      case Tuple(var items) -> new Tuple(repeated(items, count));
      default -> throw unsupportedOperands("*", sequence, times);
    };
  }

  private static List<Value> repeated(List<Value> items, int count) {
    return Collections.nCopies(count, items).stream().flatMap(List::stream).toList();
  }

  private static Numeric numeric(String operator, Value value) {
    Types.requireDefined(value);
    if (value instanceof Numeric number) {
      return number;
    }
    throw Failure.evaluation("bad operand type for unary %s: '%s'", operator, Types.name(value));
  }

  private static Failure unsupportedOperands(String operator, Value left, Value right) {
    return Failure.evaluation(
        "unsupported operand type(s) for %s: '%s' and '%s'",
        operator.equals("**") ? "** or pow()" : operator, Types.name(left), Types.name(right));
  }
}
