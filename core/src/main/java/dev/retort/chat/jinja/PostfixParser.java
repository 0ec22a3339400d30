package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Expression.Attribute;
import dev.retort.chat.jinja.Expression.Call;
import dev.retort.chat.jinja.Expression.DictOf;
import dev.retort.chat.jinja.Expression.Entry;
import dev.retort.chat.jinja.Expression.FilterCall;
import dev.retort.chat.jinja.Expression.Filtered;
import dev.retort.chat.jinja.Expression.Given;
import dev.retort.chat.jinja.Expression.Item;
import dev.retort.chat.jinja.Expression.ListOf;
import dev.retort.chat.jinja.Expression.Literal;
import dev.retort.chat.jinja.Expression.Name;
import dev.retort.chat.jinja.Expression.Not;
import dev.retort.chat.jinja.Expression.SliceOf;
import dev.retort.chat.jinja.Expression.Tested;
import dev.retort.chat.jinja.Expression.TupleOf;
import dev.retort.chat.jinja.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads what an expression begins with, such as a name or a list, and what follows it: attributes,
/// elements, calls, filters and tests.
final class PostfixParser {
  private static final Map<String, Value> CONSTANTS =
      Map.of(
          "true", Value.Bool.TRUE,
          "True", Value.Bool.TRUE,
          "false", Value.Bool.FALSE,
          "False", Value.Bool.FALSE,
          "none", Value.None.NONE,
          "None", Value.None.NONE);
  private static final Set<String> NO_ARGUMENT = Set.of("else", "or", "and");

  private final TokenStream tokens;
  private final Library library;
  private final Unknown unknown;
  private final ExpressionParser expressions;
  private final ArgumentParser arguments;

  PostfixParser(
      TokenStream tokens, Library library, Unknown unknown, ExpressionParser expressions) {
    this.tokens = tokens;
    this.library = library;
    this.unknown = unknown;
    this.expressions = expressions;
    this.arguments = new ArgumentParser(tokens, expressions);
  }

  /// Whether a name is that of a constant, to which nothing can be assigned.
  static boolean isConstant(String name) {
    return CONSTANTS.containsKey(name);
  }

  Expression primary() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case NAME -> name(tokens.take());
      case STRING -> new Literal(Value.of(strings()), token.at());
      case INTEGER -> new Literal(new Value.Int(integer(tokens.take().text())), token.at());
      case REAL -> new Literal(Value.of(Double.parseDouble(tokens.take().text())), token.at());
      case OPERATOR -> bracketed(token);
      default -> throw unexpected(token);
    };
  }

  /// Attributes, elements and calls behind an expression.
  Expression suffixes(Expression start) {
    Expression result = start;
    while (true) {
      Token token = tokens.current();
      if (token.isOperator(".")) {
        result = attribute(result);
      } else if (token.isOperator("[")) {
        result = item(result);
      } else if (token.isOperator("(")) {
        result = new Call(result, arguments.given(), token.at());
      } else {
        return result;
      }
    }
  }

  /// Filters, tests and calls behind an expression.
  Expression filtersAndTests(Expression start) {
    Expression result = start;
    while (true) {
      Token token = tokens.current();
      if (token.isOperator("|")) {
        tokens.take();
        result = new Filtered(result, filter());
      } else if (token.isName("is")) {
        result = test(result);
      } else if (token.isOperator("(")) {
        result = new Call(result, arguments.given(), token.at());
      } else {
        return result;
      }
    }
  }

  List<FilterCall> filters() {
    List<FilterCall> filters = new ArrayList<>();
    while (tokens.skipOperator("|")) {
      filters.add(filter());
    }
    return filters;
  }

  List<FilterCall> filterChain() {
    List<FilterCall> filters = new ArrayList<>(List.of(filter()));
    filters.addAll(filters());
    return filters;
  }

  private FilterCall filter() {
    Token token = tokens.current();
    String name = dottedName();
    if (Library.lacksFilter(name)) {
      throw new TemplateException(
          TemplateException.Kind.UNSUPPORTED, "the filter " + Repr.of(name), token.at());
    }
    requireKnown(token, "filter", name, library.filters().containsKey(name));
    Given given = tokens.current().isOperator("(") ? arguments.given() : Given.NOTHING;
    return new FilterCall(name, given, token.at());
  }

  private Expression test(Expression operand) {
    Position at = tokens.take().at();
    boolean negated = tokens.skipName("not");
    Token token = tokens.current();
    String name = dottedName();
    requireKnown(token, "test", name, library.tests().containsKey(name));
    Expression test = new Tested(operand, name, testArguments(), at);
    return negated ? new Not(test, at) : test;
  }

  private Given testArguments() {
    Token token = tokens.current();
    if (token.isOperator("(")) {
      return arguments.given();
    }
    boolean argument =
        switch (token.kind()) {
          case NAME -> !NO_ARGUMENT.contains(token.text());
          case STRING, INTEGER, REAL -> true;
          case OPERATOR -> token.isOperator("[") || token.isOperator("{");
          default -> false;
        };
    if (!argument) {
      return Given.NOTHING;
    }
    if (token.isName("is")) {
      throw TokenStream.error(token, "You cannot chain multiple tests with is");
    }
    Expression given = suffixes(primary());
    return new Given(List.of(given), List.of(), Optional.empty(), Optional.empty());
  }

  private String dottedName() {
    StringBuilder name = new StringBuilder(tokens.expect(Kind.NAME).text());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expect(Kind.NAME).text());
    }
    return name.toString();
  }

  private void requireKnown(Token token, String kind, String name, boolean known) {
    if (!known) {
      unknown.add(TokenStream.error(token, "No %s named %s.".formatted(kind, Repr.of(name))));
    }
  }

  private static Expression name(Token token) {
    Value constant = CONSTANTS.get(token.text());
    if (constant != null) {
      return new Literal(constant, token.at());
    }
    if (token.isName("self")) {
      throw new TemplateException(
          TemplateException.Kind.UNSUPPORTED, "'self', the blocks of a template", token.at());
    }
    return new Name(token.text(), token.at());
  }

  private String strings() {
    StringBuilder text = new StringBuilder();
    while (tokens.current().is(Kind.STRING)) {
      text.append(tokens.take().text());
    }
    return text.toString();
  }

  private static BigInteger integer(String digits) {
    if (digits.length() < 2 || Character.isDigit(digits.charAt(1))) {
      return new BigInteger(digits);
    }
    int radix =
        switch (digits.charAt(1)) {
          case 'x', 'X' -> 16;
          case 'o', 'O' -> 8;
          default -> 2;
        };
    return new BigInteger(digits.substring(2), radix);
  }

  private Expression bracketed(Token token) {
    return switch (token.text()) {
      case "(" -> {
        tokens.take();
        Expression inner = expressions.parenthesized();
        tokens.expectOperator(")");
        yield inner;
      }
      case "[" -> list();
      case "{" -> dict();
      default -> throw unexpected(token);
    };
  }

  private Expression list() {
    Position at = tokens.take().at();
    List<Expression> items = new ArrayList<>();
    while (!tokens.skipOperator("]")) {
      items.add(expressions.expression());
      if (!tokens.current().isOperator("]")) {
        tokens.expectOperator(",");
      }
    }
    return new ListOf(items, at);
  }

  private Expression dict() {
    Position at = tokens.take().at();
    List<Entry> entries = new ArrayList<>();
    while (!tokens.skipOperator("}")) {
      Expression key = expressions.expression();
      tokens.expectOperator(":");
      entries.add(new Entry(key, expressions.expression()));
      if (!tokens.current().isOperator("}")) {
        tokens.expectOperator(",");
      }
    }
    return new DictOf(entries, at);
  }

  private Expression attribute(Expression owner) {
    Position at = tokens.take().at();
    Token name = tokens.take();
    return switch (name.kind()) {
      case NAME -> new Attribute(owner, name.text(), at);
      case INTEGER ->
          new Item(owner, new Literal(new Value.Int(integer(name.text())), name.at()), at);
      default -> throw TokenStream.error(name, "expected name or number");
    };
  }

  private Expression item(Expression owner) {
    Position at = tokens.take().at();
    Optional<Expression> first = bound();
    if (!tokens.skipOperator(":")) {
      return new Item(owner, index(first, at), at);
    }
    Optional<Expression> stop = bound();
    Optional<Expression> step = tokens.skipOperator(":") ? bound() : Optional.empty();
    tokens.expectOperator("]");
    return new SliceOf(owner, first, stop, step, at);
  }

  /// The one index in brackets, or the tuple of several, or of none.
  private Expression index(Optional<Expression> first, Position at) {
    List<Expression> items = new ArrayList<>();
    first.ifPresent(items::add);
    while (!tokens.skipOperator("]")) {
      tokens.expectOperator(",");
      items.add(expressions.expression());
    }
    return items.size() == 1 ? items.getFirst() : new TupleOf(items, at);
  }

  private Optional<Expression> bound() {
    Token token = tokens.current();
    return token.isOperator(":") || token.isOperator("]")
        ? Optional.empty()
        : Optional.of(expressions.expression());
  }

  private static TemplateException unexpected(Token token) {
    return TokenStream.error(token, "unexpected " + Repr.of(token.described()));
  }
}
