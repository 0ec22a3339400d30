package dev.retort.chat.jinja;

import dev.retort.chat.jinja.TemplateException.Kind;

/// What went wrong in an operation that does not know where in the template it stands. The
/// evaluator turns it into a [TemplateException] of the innermost expression.
// Error Prone's annotation for formats would be a dependency of its own.
@SuppressWarnings("AnnotateFormatMethod")
final class Failure extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final Kind kind;
  private final String reason;

  Failure(Kind kind, String reason) {
    super(reason, null, false, false);
    this.kind = kind;
    this.reason = reason;
  }

  /// A value of a wrong type or out of range.
  static Failure evaluation(String format, Object... arguments) {
    return new Failure(Kind.EVALUATION, format.formatted(arguments));
  }

  /// Something that Jinja or Python can do and this interpreter cannot.
  static Failure unsupported(String format, Object... arguments) {
    return new Failure(Kind.UNSUPPORTED, format.formatted(arguments));
  }

  TemplateException at(Position position) {
    return new TemplateException(kind, reason, position);
  }
}
