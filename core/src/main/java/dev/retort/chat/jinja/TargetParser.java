package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Statement.AttributeTarget;
import dev.retort.chat.jinja.Statement.NameTarget;
import dev.retort.chat.jinja.Statement.Parameter;
import dev.retort.chat.jinja.Statement.Target;
import dev.retort.chat.jinja.Statement.TupleTarget;
import dev.retort.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what is assigned to, and the parameters of macros.
final class TargetParser {
  private final TokenStream tokens;
  private final ExpressionParser expressions;

  TargetParser(TokenStream tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  /// A name, or several.
  Target loopTarget() {
    return target(false);
  }

  /// A name or an attribute of a namespace, or several.
  Target setTarget() {
    return target(true);
  }

  /// `(name, name=fallback)`
  List<Parameter> parameters() {
    tokens.expectOperator("(");
    List<Parameter> parameters = new ArrayList<>();
    while (!tokens.skipOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectOperator(",");
      }
      Token name = assignable(tokens.expect(Kind.NAME));
      Optional<Expression> fallback =
          tokens.skipOperator("=") ? Optional.of(expressions.expression()) : Optional.empty();
      boolean late = !parameters.isEmpty() && parameters.getLast().fallback().isPresent();
      if (late && fallback.isEmpty()) {
        throw TokenStream.error(tokens.current(), "non-default argument follows default argument");
      }
      parameters.add(new Parameter(name.text(), fallback));
    }
    return parameters;
  }

  private Target target(boolean attributes) {
    Token start = tokens.current();
    List<Target> targets = new ArrayList<>(List.of(single(attributes)));
    boolean tuple = false;
    while (tokens.skipOperator(",")) {
      tuple = true;
      if (endsTargets()) {
        break;
      }
      targets.add(single(attributes));
    }
    return tuple ? new TupleTarget(targets, start.at()) : targets.getFirst();
  }

  private boolean endsTargets() {
    Token token = tokens.current();
    return token.is(Kind.BLOCK_END) || token.isOperator(")") || token.isOperator("=");
  }

  private Target single(boolean attributes) {
    Token token = tokens.take();
    if (token.isOperator("(")) {
      Target inner = target(attributes);
      tokens.expectOperator(")");
      return inner;
    }
    if (!token.is(Kind.NAME)) {
      throw TokenStream.error(token, "can't assign to " + Repr.of(token.described()));
    }
    if (attributes && tokens.skipOperator(".")) {
      return new AttributeTarget(token.text(), tokens.expect(Kind.NAME).text(), token.at());
    }
    assignable(token);
    if (!attributes && token.isName("loop")) {
      throw TokenStream.error(token, "Can't assign to special loop variable in for-loop target");
    }
    return new NameTarget(token.text(), token.at());
  }

  private static Token assignable(Token name) {
    if (PostfixParser.isConstant(name.text())) {
      throw TokenStream.error(name, "can't assign to 'const'");
    }
    return name;
  }
}
