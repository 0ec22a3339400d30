package dev.retort.chat.jinja;

import java.util.List;
import java.util.Optional;

/// What a template computes.
sealed interface Expression {

  /// Where it begins, or where its operator is.
  Position at();

  /// A number, text, truth value or `none`.
  record Literal(Value value, Position at) implements Expression {}

  /// A variable.
  record Name(String name, Position at) implements Expression {}

  /// `[…]`
  record ListOf(List<Expression> items, Position at) implements Expression {}

  /// `(…, …)`
  record TupleOf(List<Expression> items, Position at) implements Expression {}

  /// `{…: …}`
  record DictOf(List<Entry> entries, Position at) implements Expression {}

  /// An entry of a dictionary.
  record Entry(Expression key, Expression value) {}

  /// `-a` or `+a`
  record Sign(boolean minus, Expression operand, Position at) implements Expression {}

  /// `not a`
  record Not(Expression operand, Position at) implements Expression {}

  /// `a + b` and the like.
  record Arithmetic(String operator, Expression left, Expression right, Position at)
      implements Expression {}

  /// `a and b`, `a or b`: one of the two values.
  record Logical(boolean and, Expression left, Expression right, Position at)
      implements Expression {}

  /// `a < b <= c`: all hold.
  record Comparison(Expression first, List<Operand> operands, Position at) implements Expression {}

  /// What a value is compared with.
  ///
  /// @param operator one of `== != < <= > >= in notin`
  record Operand(String operator, Expression value) {}

  /// `a ~ b`
  record Concatenation(List<Expression> parts, Position at) implements Expression {}

  /// `a if test else b`
  record Conditional(Expression test, Expression then, Optional<Expression> otherwise, Position at)
      implements Expression {}

  /// `a.name`
  record Attribute(Expression owner, String name, Position at) implements Expression {}

  /// `a[index]`
  record Item(Expression owner, Expression index, Position at) implements Expression {}

  /// `a[start:stop:step]`
  record SliceOf(
      Expression owner,
      Optional<Expression> start,
      Optional<Expression> stop,
      Optional<Expression> step,
      Position at)
      implements Expression {}

  /// `a(…)`
  record Call(Expression callee, Given arguments, Position at) implements Expression {}

  /// `a | name(…)`
  record Filtered(Expression operand, FilterCall filter) implements Expression {
    @Override
    public Position at() {
      return filter.at();
    }
  }

  /// `name(…)` behind a `|`.
  record FilterCall(String name, Given arguments, Position at) {}

  /// `a is name(…)`
  record Tested(Expression operand, String name, Given arguments, Position at)
      implements Expression {}

  /// The arguments of a call.
  ///
  /// @param spread `*list`
  /// @param keywordSpread `**dictionary`
  record Given(
      List<Expression> positional,
      List<Keyword> keywords,
      Optional<Expression> spread,
      Optional<Expression> keywordSpread) {
    static final Given NOTHING =
        new Given(List.of(), List.of(), Optional.empty(), Optional.empty());
  }

  /// `name=value`
  record Keyword(String name, Expression value) {}
}
