package dev.retort.chat.jinja;

import static dev.retort.chat.jinja.TemplateException.Kind.UNSUPPORTED;

import dev.retort.chat.jinja.Statement.Branch;
import dev.retort.chat.jinja.Statement.Macro;
import dev.retort.chat.jinja.Statement.Target;
import dev.retort.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads a template's statements.
final class Parser {
  private static final Set<String> UNSUPPORTED_TAGS =
      Set.of("autoescape", "block", "extends", "from", "import", "include");

  private final TokenStream tokens;
  private final Unknown unknown = new Unknown();
  private final ExpressionParser expressions;
  private final TargetParser targets;
  private boolean inLoop;

  private Parser(TokenStream tokens, Library library) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens, library, unknown);
    this.targets = new TargetParser(tokens, expressions);
  }

  /// @throws TemplateException if it is no Jinja, or uses what this interpreter does not know
  static List<Statement> parse(List<Token> tokens, Library library) {
    Parser parser = new Parser(new TokenStream(tokens), library);
    List<Statement> statements = parser.statements(Set.of());
    parser.unknown.check();
    return statements;
  }

  /// Statements up to a tag of one of these names, or to the end of the template if there are none.
  /// The tag's name is the current token afterwards.
  private List<Statement> statements(Set<String> ends) {
    List<Statement> statements = new ArrayList<>();
    while (!tokens.current().is(Kind.END)) {
      Token token = tokens.take();
      switch (token.kind()) {
        case DATA -> statements.add(new Statement.Data(token.text()));
        case PRINT_BEGIN -> {
          statements.add(new Statement.Print(expressions.tuple(true)));
          tokens.expect(Kind.PRINT_END);
        }
        default -> {
          if (tokens.isNameIn(ends)) {
            return statements;
          }
          statements.addAll(statement());
          tokens.expect(Kind.BLOCK_END);
        }
      }
    }
    if (!ends.isEmpty()) {
      throw TokenStream.error(
          tokens.current(),
          "Unexpected end of template. Jinja was looking for the following tags: "
              + String.join(" or ", ends.stream().sorted().map(Repr::of).toList())
              + ".");
    }
    return statements;
  }

  /// The body of a statement: from the end of its tag to one of these names.
  private List<Statement> body(String... ends) {
    tokens.skipOperator(":");
    tokens.expect(Kind.BLOCK_END);
    return statements(Set.of(ends));
  }

  /// A body that is no condition's, and whose end is of no further interest.
  private List<Statement> bodyTo(String end) {
    int mark = unknown.mark();
    List<Statement> body = body(end);
    tokens.take();
    unknown.keep(mark);
    return body;
  }

  /// A body that a loop around it cannot be left from.
  private List<Statement> closedBodyTo(String end) {
    boolean before = inLoop;
    inLoop = false;
    List<Statement> body = bodyTo(end);
    inLoop = before;
    return body;
  }

  private List<Statement> statement() {
    Token tag = tokens.current();
    if (!tag.is(Kind.NAME)) {
      throw TokenStream.error(tag, "tag name expected");
    }
    if (UNSUPPORTED_TAGS.contains(tag.text())) {
      throw new TemplateException(UNSUPPORTED, "the tag " + Repr.of(tag.text()), tag.at());
    }
    tokens.take();
    return switch (tag.text()) {
      case "print" -> print();
      case "for" -> List.of(loop());
      case "if" -> List.of(condition());
      case "set" -> List.of(set());
      case "with" -> List.of(with());
      case "macro" -> List.of(macro());
      case "call" -> List.of(callBlock());
      case "filter" -> {
        List<Expression.FilterCall> filters = expressions.filterChain();
        yield List.of(new Statement.FilterBlock(filters, bodyTo("endfilter"), tag.at()));
      }
      case "generation" ->
          List.of(new Statement.Generation(closedBodyTo("endgeneration"), tag.at()));
      case "break", "continue" -> List.of(jump(tag));
      default ->
          throw TokenStream.error(tag, "Encountered unknown tag " + Repr.of(tag.text()) + ".");
    };
  }

  private List<Statement> print() {
    List<Statement> printed = new ArrayList<>();
    while (!tokens.current().is(Kind.BLOCK_END)) {
      if (!printed.isEmpty()) {
        tokens.expectOperator(",");
      }
      printed.add(new Statement.Print(expressions.expression()));
    }
    return printed;
  }

  private Statement jump(Token tag) {
    if (!inLoop) {
      throw TokenStream.error(tag, Repr.of(tag.text()) + " outside of a loop");
    }
    return tag.isName("break") ? new Statement.Break() : new Statement.Continue();
  }

  private Statement loop() {
    Target target = targets.loopTarget();
    tokens.expectName("in");
    Expression values = expressions.tuple(false);
    int mark = unknown.mark();
    Optional<Expression> test =
        tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
    if (tokens.current().isName("recursive")) {
      throw new TemplateException(UNSUPPORTED, "recursive loops", tokens.current().at());
    }
    boolean outer = inLoop;
    inLoop = true;
    List<Statement> body = body("endfor", "else");
    inLoop = outer;
    unknown.keep(mark);
    boolean hasElse = tokens.take().isName("else");
    List<Statement> otherwise = hasElse ? bodyTo("endfor") : List.of();
    return new Statement.For(target, values, test, body, otherwise);
  }

  private Statement condition() {
    List<Branch> branches = new ArrayList<>();
    List<Statement> otherwise = List.of();
    int mark = unknown.mark();
    Token end;
    do {
      Expression test = expressions.tuple(false);
      branches.add(new Branch(test, body("elif", "else", "endif")));
      end = tokens.take();
    } while (end.isName("elif"));
    if (end.isName("else")) {
      otherwise = body("endif");
      tokens.take();
    }
    unknown.forgive(mark);
    return new Statement.If(branches, otherwise);
  }

  private Statement set() {
    Target target = targets.setTarget();
    if (tokens.skipOperator("=")) {
      return new Statement.Set(target, expressions.tuple(true));
    }
    List<Expression.FilterCall> filters = expressions.filters();
    return new Statement.SetBlock(target, filters, bodyTo("endset"));
  }

  private Statement with() {
    List<Statement.Binding> bindings = new ArrayList<>();
    while (!tokens.current().is(Kind.BLOCK_END)) {
      if (!bindings.isEmpty()) {
        tokens.expectOperator(",");
      }
      Target target = targets.loopTarget();
      tokens.expectOperator("=");
      bindings.add(new Statement.Binding(target, expressions.expression()));
    }
    return new Statement.With(bindings, bodyTo("endwith"));
  }

  private Statement macro() {
    Token name = tokens.expect(Kind.NAME);
    List<Statement.Parameter> parameters = targets.parameters();
    return new Statement.MacroDefinition(name.text(), macro(parameters, "endmacro", name));
  }

  private Statement callBlock() {
    Token start = tokens.current();
    List<Statement.Parameter> parameters = start.isOperator("(") ? targets.parameters() : List.of();
    if (!(expressions.expression() instanceof Expression.Call call)) {
      throw TokenStream.error(start, "expected call");
    }
    return new Statement.CallBlock(macro(parameters, "endcall", start), call);
  }

  private Macro macro(List<Statement.Parameter> parameters, String end, Token start) {
    int taken = tokens.taken();
    List<Statement> body = closedBodyTo(end);
    return new Macro(parameters, body, tokens.namesSince(taken), start.at());
  }
}
