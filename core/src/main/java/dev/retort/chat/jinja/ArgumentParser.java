package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Expression.Given;
import dev.retort.chat.jinja.Expression.Keyword;
import dev.retort.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the arguments of calls.
final class ArgumentParser {
  private final TokenStream tokens;
  private final ExpressionParser expressions;

  ArgumentParser(TokenStream tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  /// Arguments in parentheses: positional ones, then those by keyword, then `**` ones.
  Given given() {
    Token open = tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    List<Keyword> keywords = new ArrayList<>();
    Optional<Expression> spread = Optional.empty();
    Optional<Expression> keywordSpread = Optional.empty();
    while (!tokens.skipOperator(")")) {
      if (tokens.skipOperator("*")) {
        require(open, spread.isEmpty() && keywordSpread.isEmpty());
        spread = Optional.of(expressions.expression());
      } else if (tokens.skipOperator("**")) {
        require(open, keywordSpread.isEmpty());
        keywordSpread = Optional.of(expressions.expression());
      } else if (tokens.current().is(Kind.NAME) && tokens.following().isOperator("=")) {
        require(open, keywordSpread.isEmpty());
        keywords.add(keyword());
      } else {
        require(open, spread.isEmpty() && keywordSpread.isEmpty() && keywords.isEmpty());
        positional.add(expressions.expression());
      }
      if (!tokens.current().isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    return new Given(positional, keywords, spread, keywordSpread);
  }

  private Keyword keyword() {
    String name = tokens.take().text();
    tokens.take();
    return new Keyword(name, expressions.expression());
  }

  private static void require(Token open, boolean allowed) {
    if (!allowed) {
      throw TokenStream.error(open, "invalid syntax for function call expression");
    }
  }
}
