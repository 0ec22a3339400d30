package dev.retort.chat.jinja;

/// A piece of a template.
///
/// @param text the characters; of a [Kind#STRING], what they stand for
record Token(Kind kind, String text, Position at) {

  /// What a token is.
  enum Kind {
    /// Text outside of tags.
    DATA,
    /// `{{`
    PRINT_BEGIN,
    /// `}}`
    PRINT_END,
    /// `{%`
    BLOCK_BEGIN,
    /// `%}`
    BLOCK_END,
    /// A name or keyword.
    NAME,
    /// A text in quotes.
    STRING,
    /// An integer.
    INTEGER,
    /// A number with a point or an exponent.
    REAL,
    /// An operator, bracket or punctuation mark.
    OPERATOR,
    /// The end of the template.
    END
  }

  boolean is(Kind other) {
    return kind == other;
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  /// What it is, for messages.
  String described() {
    return switch (kind) {
      case DATA -> "template data / text";
      case PRINT_BEGIN -> "begin of print statement";
      case PRINT_END -> "end of print statement";
      case BLOCK_BEGIN -> "begin of statement block";
      case BLOCK_END -> "end of statement block";
      case STRING -> "string";
      case INTEGER -> "integer";
      case REAL -> "float";
      case NAME, OPERATOR -> text;
      case END -> "end of template";
    };
  }
}
