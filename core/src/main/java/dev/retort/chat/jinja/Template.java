package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Token.Kind;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A template that was read and can be rendered any number of times, on any number of threads.
///
/// The environment is that of transformers: `trim_blocks`, `lstrip_blocks`, `{% generation %}`, `{%
/// break %}`, `{% continue %}`, a sandbox in which lists and dictionaries cannot be changed, and
/// `raise_exception`, `strftime_now` and its `tojson`. Inheritance, imports, recursive loops and
/// filters for HTML and long texts are refused when the template is read.
public final class Template {
  private final List<Statement> statements;
  private final Frames frames;
  private final Library library;
  private final boolean marksGenerated;

  private Template(List<Statement> statements, Library library, boolean marksGenerated) {
    this.statements = statements;
    this.frames = Frames.of(statements);
    this.library = library;
    this.marksGenerated = marksGenerated;
  }

  /// Reads a template.
  ///
  /// @throws TemplateException if it is no Jinja, or uses what is not supported
  public static Template of(String source) {
    Source text = Source.of(source);
    Library library = Library.standard();
    List<Token> tokens = Lexer.tokens(text);
    return new Template(Parser.parse(tokens, library), library, marksGenerated(tokens));
  }

  /// Renders the template.
  ///
  /// @param variables what it sees beside its own functions
  /// @param clock what its `strftime_now` reads
  /// @throws TemplateException if it refuses the variables, or fails on them
  public Rendering render(Map<String, Value> variables, Clock clock) {
    Map<String, Value> all = new HashMap<>(Globals.all(clock));
    all.putAll(variables);
    Output output = new Output(false);
    new Renderer(frames, new Evaluator(library), output).render(statements, Scope.of(all));
    return new Rendering(output.text(), output.generated());
  }

  /// Whether it has `{% generation %}` blocks, which say what the assistant wrote.
  public boolean marksGenerated() {
    return marksGenerated;
  }

  private static boolean marksGenerated(List<Token> tokens) {
    for (int i = 0; i + 1 < tokens.size(); i++) {
      if (tokens.get(i).is(Kind.BLOCK_BEGIN) && tokens.get(i + 1).isName("generation")) {
        return true;
      }
    }
    return false;
  }

  /// What a template has written.
  ///
  /// @param generated the parts in `{% generation %}` blocks, in order
  public record Rendering(String text, List<Span> generated) {
    public Rendering {
      generated = List.copyOf(generated);
    }
  }
}
