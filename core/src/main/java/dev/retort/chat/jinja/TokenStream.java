package dev.retort.chat.jinja;

import static dev.retort.chat.jinja.TemplateException.Kind.SYNTAX;

import dev.retort.chat.jinja.Token.Kind;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The tokens of a template, read one by one.
final class TokenStream {
  private final List<Token> tokens;
  private int next;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(next);
  }

  /// The token after the current one.
  Token following() {
    return tokens.get(Math.min(next + 1, tokens.size() - 1));
  }

  /// The current token; the one after it becomes the current one.
  Token take() {
    Token taken = current();
    next = Math.min(next + 1, tokens.size() - 1);
    return taken;
  }

  /// How many tokens were taken.
  int taken() {
    return next;
  }

  /// The names among the tokens that were taken since then.
  Set<String> namesSince(int taken) {
    return tokens.subList(taken, next).stream()
        .filter(token -> token.is(Kind.NAME))
        .map(Token::text)
        .collect(Collectors.toUnmodifiableSet());
  }

  boolean skipOperator(String operator) {
    return skipIf(current().isOperator(operator));
  }

  boolean skipName(String name) {
    return skipIf(current().isName(name));
  }

  Token expectOperator(String operator) {
    return expect(current().isOperator(operator), operator);
  }

  Token expectName(String name) {
    return expect(current().isName(name), name);
  }

  Token expect(Kind kind) {
    String wanted = kind == Kind.NAME ? "name" : new Token(kind, "", current().at()).described();
    return expect(current().is(kind), wanted);
  }

  boolean isNameIn(Set<String> names) {
    return current().is(Kind.NAME) && names.contains(current().text());
  }

  static TemplateException error(Token token, String reason) {
    return new TemplateException(SYNTAX, reason, token.at());
  }

  private boolean skipIf(boolean here) {
    if (here) {
      take();
    }
    return here;
  }

  private Token expect(boolean here, String wanted) {
    if (here) {
      return take();
    }
    throw current().is(Kind.END)
        ? error(current(), "unexpected end of template, expected " + Repr.of(wanted) + ".")
        : error(
            current(),
            "expected token %s, got %s".formatted(Repr.of(wanted), Repr.of(current().described())));
  }
}
