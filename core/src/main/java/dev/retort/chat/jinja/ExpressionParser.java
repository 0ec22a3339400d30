package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Expression.Arithmetic;
import dev.retort.chat.jinja.Expression.Comparison;
import dev.retort.chat.jinja.Expression.Concatenation;
import dev.retort.chat.jinja.Expression.Conditional;
import dev.retort.chat.jinja.Expression.Logical;
import dev.retort.chat.jinja.Expression.Not;
import dev.retort.chat.jinja.Expression.Operand;
import dev.retort.chat.jinja.Expression.Sign;
import dev.retort.chat.jinja.Expression.TupleOf;
import dev.retort.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads expressions: operators by their precedence, as jinja2 has them.
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final int DEEPEST = 200;

  private final TokenStream tokens;
  private final Unknown unknown;
  private final PostfixParser postfix;
  private int depth;

  /// @param library what filters and tests there are
  /// @param unknown collects those that there are not
  ExpressionParser(TokenStream tokens, Library library, Unknown unknown) {
    this.tokens = tokens;
    this.unknown = unknown;
    this.postfix = new PostfixParser(tokens, library, unknown, this);
  }

  /// An expression.
  Expression expression() {
    if (++depth > DEEPEST) {
      throw TokenStream.error(
          tokens.current(), "expressions are nested more than " + DEEPEST + " deep");
    }
    Expression expression = conditional();
    depth--;
    return expression;
  }

  /// An expression, or several with commas between them, that make a tuple. Unless `conditional`, a
  /// following `if` belongs to what is around.
  Expression tuple(boolean conditional) {
    return tuple(conditional, false);
  }

  /// What stands in parentheses.
  Expression parenthesized() {
    return tuple(true, true);
  }

  private Expression tuple(boolean conditional, boolean inParentheses) {
    Token start = tokens.current();
    List<Expression> items = new ArrayList<>();
    boolean comma = false;
    while (!endsTuple()) {
      items.add(conditional ? expression() : or());
      comma = tokens.current().isOperator(",");
      if (!comma) {
        break;
      }
      tokens.take();
    }
    if (items.size() == 1 && !comma) {
      return items.getFirst();
    }
    if (items.isEmpty() && !inParentheses) {
      throw TokenStream.error(
          start, "Expected an expression, got " + Repr.of(tokens.current().described()));
    }
    return new TupleOf(items, start.at());
  }

  private boolean endsTuple() {
    Token token = tokens.current();
    return token.is(Kind.PRINT_END) || token.is(Kind.BLOCK_END) || token.isOperator(")");
  }

  /// A `|` and filters, if they are there.
  List<Expression.FilterCall> filters() {
    return postfix.filters();
  }

  /// A filter without a `|` before it, and further ones.
  List<Expression.FilterCall> filterChain() {
    return postfix.filterChain();
  }

  private Expression conditional() {
    Position at = tokens.current().at();
    int mark = unknown.mark();
    Expression result = or();
    while (tokens.current().isName("if")) {
      tokens.take();
      Expression test = or();
      Optional<Expression> otherwise =
          tokens.skipName("else") ? Optional.of(conditional()) : Optional.empty();
      unknown.forgive(mark);
      result = new Conditional(test, result, otherwise, at);
    }
    return result;
  }

  private Expression or() {
    Expression left = and();
    while (tokens.current().isName("or")) {
      Position at = tokens.take().at();
      left = new Logical(false, left, and(), at);
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.current().isName("and")) {
      Position at = tokens.take().at();
      left = new Logical(true, left, not(), at);
    }
    return left;
  }

  private Expression not() {
    if (tokens.current().isName("not")) {
      Position at = tokens.take().at();
      return new Not(not(), at);
    }
    return comparison();
  }

  private Expression comparison() {
    Expression first = sum();
    Position at = tokens.current().at();
    List<Operand> operands = new ArrayList<>();
    for (Optional<String> operator = comparator(); operator.isPresent(); operator = comparator()) {
      operands.add(new Operand(operator.get(), sum()));
    }
    return operands.isEmpty() ? first : new Comparison(first, operands, at);
  }

  /// Takes an operator that compares, if one is next.
  private Optional<String> comparator() {
    Token token = tokens.current();
    if (token.is(Kind.OPERATOR) && COMPARISONS.contains(token.text())) {
      return Optional.of(tokens.take().text());
    }
    if (tokens.skipName("in")) {
      return Optional.of("in");
    }
    if (token.isName("not") && tokens.following().isName("in")) {
      tokens.take();
      tokens.take();
      return Optional.of("notin");
    }
    return Optional.empty();
  }

  private Expression sum() {
    Expression left = concatenation();
    while (tokens.current().isOperator("+") || tokens.current().isOperator("-")) {
      Token operator = tokens.take();
      left = new Arithmetic(operator.text(), left, concatenation(), operator.at());
    }
    return left;
  }

  private Expression concatenation() {
    List<Expression> parts = new ArrayList<>(List.of(product()));
    Position at = tokens.current().at();
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return parts.size() == 1 ? parts.getFirst() : new Concatenation(parts, at);
  }

  private Expression product() {
    Expression left = power();
    while (tokens.current().is(Kind.OPERATOR)
        && Set.of("*", "/", "//", "%").contains(tokens.current().text())) {
      Token operator = tokens.take();
      left = new Arithmetic(operator.text(), left, power(), operator.at());
    }
    return left;
  }

  private Expression power() {
    Expression left = unary(true);
    while (tokens.current().isOperator("**")) {
      Position at = tokens.take().at();
      left = new Arithmetic("**", left, unary(true), at);
    }
    return left;
  }

  private Expression unary(boolean withFilters) {
    Token token = tokens.current();
    Expression operand;
    if (token.isOperator("-") || token.isOperator("+")) {
      tokens.take();
      operand = new Sign(token.isOperator("-"), unary(false), token.at());
    } else {
      operand = postfix.primary();
    }
    operand = postfix.suffixes(operand);
    return withFilters ? postfix.filtersAndTests(operand) : operand;
  }
}
