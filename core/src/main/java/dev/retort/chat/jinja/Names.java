package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Expression.FilterCall;
import dev.retort.chat.jinja.Expression.Given;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Finds the variables that expressions read.
///
/// @param found is told each of them
record Names(Consumer<String> found) {

  void in(Expression expression) {
    switch (expression) {
      case Expression.Literal _ -> {}
      case Expression.Name(String name, _) -> found.accept(name);
      case Expression.ListOf(var items, _) -> in(items);
      case Expression.TupleOf(var items, _) -> in(items);
      case Expression.DictOf(var entries, _) ->
          entries.forEach(entry -> in(List.of(entry.key(), entry.value())));
      case Expression.Sign(_, var operand, _) -> in(operand);
      case Expression.Not(var operand, _) -> in(operand);
      case Expression.Arithmetic(_, var left, var right, _) -> in(List.of(left, right));
      case Expression.Logical(_, var left, var right, _) -> in(List.of(left, right));
      case Expression.Comparison(var first, var operands, _) -> {
        in(first);
        operands.forEach(operand -> in(operand.value()));
      }
      case Expression.Concatenation(var parts, _) -> in(parts);
      case Expression.Conditional(var test, var then, var otherwise, _) -> {
        in(List.of(test, then));
        in(otherwise);
      }
      case Expression.Attribute(var owner, _, _) -> in(owner);
      case Expression.Item(var owner, var index, _) -> in(List.of(owner, index));
      case Expression.SliceOf(var owner, var start, var stop, var step, _) -> {
        in(owner);
        List.of(start, stop, step).forEach(this::in);
      }
      case Expression.Call(var callee, var arguments, _) -> {
        in(callee);
        in(arguments);
      }
      case Expression.Filtered(var operand, var filter) -> {
        in(operand);
        in(filter.arguments());
      }
      case Expression.Tested(var operand, _, var arguments, _) -> {
        in(operand);
        in(arguments);
      }
    }
  }

  void in(List<Expression> expressions) {
    expressions.forEach(this::in);
  }

  void in(Optional<Expression> expression) {
    expression.ifPresent(this::in);
  }

  void inFilters(List<FilterCall> filters) {
    filters.forEach(filter -> in(filter.arguments()));
  }

  private void in(Given given) {
    in(given.positional());
    given.keywords().forEach(keyword -> in(keyword.value()));
    in(given.spread());
    in(given.keywordSpread());
  }
}
