package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Expression.Call;
import dev.retort.chat.jinja.Expression.Comparison;
import dev.retort.chat.jinja.Expression.DictOf;
import dev.retort.chat.jinja.Expression.Entry;
import dev.retort.chat.jinja.Expression.FilterCall;
import dev.retort.chat.jinja.Expression.Given;
import dev.retort.chat.jinja.Expression.Operand;
import dev.retort.chat.jinja.Expression.SliceOf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Computes expressions.
final class Evaluator {
  private static final int DEEPEST = 200;

  private final Library library;
  private int depth;

  Evaluator(Library library) {
    this.library = library;
  }

  /// @throws TemplateException that names the innermost expression that failed
  Value evaluate(Expression expression, Scope scope) {
    return guarded(expression.at(), () -> compute(expression, scope));
  }

  /// Does something that may fail, and says where it failed.
  static <T> T guarded(Position at, Supplier<T> action) {
    try {
      return action.get();
    } catch (Failure e) {
      throw e.at(at);
    }
  }

  private Value compute(Expression expression, Scope scope) {
    return switch (expression) {
      case Expression.Literal(Value value, _) -> value;
      case Expression.Name(String name, _) -> scope.get(name);
      case Expression.ListOf(var items, _) -> new Value.Sequence(all(items, scope));
      case Expression.TupleOf(var items, _) -> new Value.Tuple(all(items, scope));
      case DictOf dict -> dict(dict, scope);
      case Expression.Sign(boolean minus, var operand, _) -> {
        Value value = evaluate(operand, scope);
        yield minus ? Operators.negate(value) : Operators.plus(value);
      }
      case Expression.Not(var operand, _) -> Value.of(!isTrue(operand, scope));
      case Expression.Arithmetic(String operator, var left, var right, _) ->
          Operators.apply(operator, evaluate(left, scope), evaluate(right, scope));
      case Expression.Logical(boolean and, var left, var right, _) -> {
        Value value = evaluate(left, scope);
        yield Types.truth(value) == and ? evaluate(right, scope) : value;
      }
      case Comparison comparison -> Value.of(holds(comparison, scope));
      case Expression.Concatenation(var parts, _) -> Value.of(concatenated(parts, scope));
      case Expression.Conditional conditional -> choose(conditional, scope);
      case Expression.Attribute(var owner, String name, _) ->
          Attributes.dot(evaluate(owner, scope), name);
      case Expression.Item(var owner, var index, _) ->
          Attributes.item(evaluate(owner, scope), evaluate(index, scope));
      case SliceOf slice -> slice(slice, scope);
      case Call call -> call(call, scope, Optional.empty());
      case Expression.Filtered(var operand, var filter) ->
          filter(evaluate(operand, scope), filter, scope);
      case Expression.Tested(var operand, String name, var arguments, _) ->
          Value.of(
              library
                  .test(name, " found.")
                  .holds(evaluate(operand, scope), arguments(arguments, scope)));
    };
  }

  boolean isTrue(Expression expression, Scope scope) {
    return Types.truth(evaluate(expression, scope));
  }

  Value filter(Value value, FilterCall call, Scope scope) {
    return guarded(
        call.at(),
        () ->
            library
                .filter(call.name(), " found.")
                .apply(value, arguments(call.arguments(), scope)));
  }

  /// @param caller what a call block hands over
  Value call(Call call, Scope scope, Optional<Value> caller) {
    Value callee = evaluate(call.callee(), scope);
    Arguments given = arguments(call.arguments(), scope);
    Arguments arguments = caller.map(body -> given.with("caller", body)).orElse(given);
    if (!(callee instanceof Function function)) {
      Types.requireDefined(callee);
      throw Failure.evaluation("'%s' object is not callable", Types.name(callee));
    }
    if (++depth > DEEPEST) {
      throw Failure.evaluation("calls are nested more than %d deep", DEEPEST);
    }
    try {
      return function.body().call(arguments);
    } finally {
      depth--;
    }
  }

  private List<Value> all(List<Expression> expressions, Scope scope) {
    return expressions.stream().map(expression -> evaluate(expression, scope)).toList();
  }

  private Value dict(DictOf dict, Scope scope) {
    SequencedMap<Value, Value> entries = new LinkedHashMap<>();
    for (Entry entry : dict.entries()) {
      Value key = evaluate(entry.key(), scope);
      Value value = evaluate(entry.value(), scope);
      entries.put(Hashing.key(key), value);
    }
    return new Value.Dict(entries);
  }

  private boolean holds(Comparison comparison, Scope scope) {
    Value left = evaluate(comparison.first(), scope);
    for (Operand operand : comparison.operands()) {
      Value right = evaluate(operand.value(), scope);
      boolean holds =
          switch (operand.operator()) {
            case "==" -> left.equals(right);
            case "!=" -> !left.equals(right);
            case "in" -> Operators.contains(right, left);
            case "notin" -> !Operators.contains(right, left);
            default -> Order.holds(operand.operator(), left, right);
          };
      if (!holds) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private String concatenated(List<Expression> parts, Scope scope) {
    return all(parts, scope).stream().map(Repr::text).collect(Collectors.joining());
  }

  private Value choose(Expression.Conditional conditional, Scope scope) {
    if (isTrue(conditional.test(), scope)) {
      return evaluate(conditional.then(), scope);
    }
    return conditional
        .otherwise()
        .map(otherwise -> evaluate(otherwise, scope))
        .orElseGet(() ->
            Undefined.because(
                ("the inline if-expression on line %d evaluated to false and no else section"
                        + " was defined.")
                    .formatted(conditional.at().line())));
  }

  private Value slice(SliceOf slice, Scope scope) {
    Value owner = evaluate(slice.owner(), scope);
    return Attributes.slice(
        owner, bound(slice.start(), scope), bound(slice.stop(), scope), bound(slice.step(), scope));
  }

  private Value bound(Optional<Expression> bound, Scope scope) {
    return bound.map(expression -> evaluate(expression, scope)).orElse(Value.None.NONE);
  }

  private Arguments arguments(Given given, Scope scope) {
    List<Value> positional = new ArrayList<>(all(given.positional(), scope));
    given.spread().ifPresent(values -> positional.addAll(Types.items(evaluate(values, scope))));
    SequencedMap<String, Value> keywords = new LinkedHashMap<>();
    given
        .keywords()
        .forEach(keyword -> keywords.put(keyword.name(), evaluate(keyword.value(), scope)));
    given.keywordSpread().ifPresent(values -> spread(evaluate(values, scope), keywords));
    return new Arguments(positional, keywords);
  }

  private static void spread(Value values, SequencedMap<String, Value> keywords) {
    if (!(values instanceof Value.Dict dict)) {
      throw Failure.evaluation("argument after ** must be a mapping, not %s", Types.name(values));
    }
    dict.entries()
        .forEach((name, value) -> {
          if (keywords.put(Repr.text(name), value) != null) {
            throw Failure.evaluation("got multiple values for keyword argument %s", Repr.of(name));
          }
        });
  }
}
