package dev.retort.chat.jinja;

/// A template that cannot be read, or that cannot be rendered with the variables it was given. The
/// message names line and column.
public final class TemplateException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// Why it failed.
  public enum Kind {
    /// The source is no Jinja.
    SYNTAX,
    /// The source is Jinja, but uses what this interpreter does not know.
    UNSUPPORTED,
    /// The template itself called `raise_exception`.
    RAISED,
    /// Something undefined was used for more than being printed, tested or iterated over.
    UNDEFINED,
    /// The sandbox does not allow it, such as changing a list.
    FORBIDDEN,
    /// A value is of a wrong type or out of range.
    EVALUATION
  }

  private final Kind kind;
  private final String reason;
  private final int line;
  private final int column;

  TemplateException(Kind kind, String reason, Position at) {
    super("line %d, column %d: %s".formatted(at.line(), at.column(), reason));
    this.kind = kind;
    this.reason = reason;
    this.line = at.line();
    this.column = at.column();
  }

  /// Why it failed.
  public Kind kind() {
    return kind;
  }

  /// The message without its place, as jinja2 or Python word it where they have the same error.
  public String reason() {
    return reason;
  }

  /// The line of the template's source, from 1.
  public int line() {
    return line;
  }

  /// The column of the template's source, from 1.
  public int column() {
    return column;
  }
}
