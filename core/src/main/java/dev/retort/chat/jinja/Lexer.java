package dev.retort.chat.jinja;

import static dev.retort.chat.jinja.TemplateException.Kind.SYNTAX;

import dev.retort.chat.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a template into tokens, with `trim_blocks` and `lstrip_blocks`: the line break after a
/// block and the white space before it on its line go, unless `+` says otherwise; `-` takes all
/// white space on its side.
final class Lexer {
  private static final String SPACE = "[\\s\\x1c-\\x1f]*";
  private static final Pattern OPENING =
      pattern(
          "\\{%(?<rawSign>[-+]?)"
              + SPACE
              + "raw"
              + SPACE
              + "(?:-%}"
              + SPACE
              + "|%})"
              + "|(?<tag>\\{\\{|\\{%|\\{#)(?<sign>[-+]?)");
  private static final Pattern RAW_END =
      pattern(
          "\\{%(?<sign>[-+]?)" + SPACE + "endraw" + SPACE + "(?:\\+%}|-%}" + SPACE + "|%}\\n?)");
  private static final Pattern COMMENT_END = pattern("\\+#}|-#}" + SPACE + "|#}\\n?");
  private static final Pattern BLOCK_END = pattern("\\+%}|-%}" + SPACE + "|%}\\n?");
  private static final Pattern PRINT_END = pattern("-}}" + SPACE + "|}}");
  private static final Pattern SPACES = pattern("[\\s\\x1c-\\x1f]+");
  private static final Pattern REAL =
      pattern(
          "(?<!\\.)([0-9]+_)*[0-9]+"
              + "((\\.([0-9]+_)*[0-9]+)?[eE][+\\-]?([0-9]+_)*[0-9]+|\\.([0-9]+_)*[0-9]+)");
  private static final Pattern INTEGER =
      pattern("0[bB](_?[01])+|0[oO](_?[0-7])+|0[xX](_?[0-9a-fA-F])+|[1-9](_?[0-9])*|0(_?0)*");
  private static final Pattern NAME = pattern("\\w+");
  private static final Pattern STRING =
      Pattern.compile(
          "'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"",
          Pattern.DOTALL);
  private static final Pattern OPERATOR =
      pattern("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}><=.:|,;]");

  private final Source source;
  private final Matcher matcher;
  private final List<Token> tokens = new ArrayList<>();
  private int place;

  private Lexer(Source source) {
    this.source = source;
    this.matcher = NAME.matcher(source.text()).useTransparentBounds(true);
  }

  /// @throws TemplateException if a comment or raw block does not end, brackets do not match, or a
  ///   character has no meaning
  static List<Token> tokens(Source source) {
    Lexer lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (place < source.text().length()) {
      if (!find(OPENING)) {
        add(Kind.DATA, source.text().substring(place), place);
        place = source.text().length();
      } else if (matcher.group("tag") == null) {
        data(matcher.group("rawSign"), false);
        raw();
      } else {
        String tag = matcher.group("tag");
        data(matcher.group("sign"), tag.equals("{{"));
        tag(tag);
      }
    }
    add(Kind.END, "", place);
  }

  /// Adds the text up to the match, and goes behind the match.
  private void data(String sign, boolean print) {
    String text = source.text().substring(place, matcher.start());
    boolean startsLine = place == 0 || source.text().charAt(place - 1) == '\n';
    String kept = text;
    if (sign.equals("-")) {
      kept = Strings.stripEnd(text, Strings::isSpace);
    } else if (!sign.equals("+") && !print) {
      kept = withoutIndent(text, startsLine);
    }
    if (!kept.isEmpty()) {
      add(Kind.DATA, kept, place);
    }
    place = matcher.end();
  }

  private static String withoutIndent(String text, boolean startsLine) {
    int line = text.lastIndexOf('\n') + 1;
    boolean blank = text.substring(line).codePoints().allMatch(Strings::isSpace);
    return blank && (line > 0 || startsLine) ? text.substring(0, line) : text;
  }

  private void tag(String tag) {
    int start = place;
    switch (tag) {
      case "{#" -> {
        if (!find(COMMENT_END)) {
          throw error(start, "Missing end of comment tag");
        }
        place = matcher.end();
      }
      case "{%" -> {
        add(Kind.BLOCK_BEGIN, tag, matcher.start());
        code(BLOCK_END, Kind.BLOCK_END);
      }
      default -> {
        add(Kind.PRINT_BEGIN, tag, matcher.start());
        code(PRINT_END, Kind.PRINT_END);
      }
    }
  }

  private void raw() {
    int start = place;
    if (!find(RAW_END)) {
      throw error(start, "Missing end of raw directive");
    }
    data(matcher.group("sign"), false);
  }

  private void code(Pattern end, Kind endKind) {
    Deque<String> open = new ArrayDeque<>();
    while (place < source.text().length()) {
      if (open.isEmpty() && next(end)) {
        add(endKind, matcher.group(), matcher.start());
        return;
      }
      if (next(SPACES)) {
        continue;
      }
      if (next(REAL)) {
        add(Kind.REAL, matcher.group().replace("_", ""), matcher.start());
      } else if (next(INTEGER)) {
        add(Kind.INTEGER, matcher.group().replace("_", ""), matcher.start());
      } else if (next(NAME)) {
        name(matcher.group());
      } else if (next(STRING)) {
        add(Kind.STRING, string(matcher.group()), matcher.start());
      } else if (next(OPERATOR)) {
        balance(open, matcher.group());
        add(Kind.OPERATOR, matcher.group(), matcher.start());
      } else {
        String character = Character.toString(source.text().codePointAt(place));
        throw error(place, "unexpected char " + Repr.of(character) + " at " + place);
      }
    }
  }

  private void name(String name) {
    int first = name.codePointAt(0);
    if (first != '_' && !Character.isUnicodeIdentifierStart(first)) {
      throw error(matcher.start(), "Invalid character in identifier");
    }
    add(Kind.NAME, name, matcher.start());
  }

  private String string(String quoted) {
    try {
      return StringLiteral.unescape(quoted.substring(1, quoted.length() - 1));
    } catch (Failure e) {
      throw e.at(source.position(matcher.start()));
    }
  }

  private void balance(Deque<String> open, String operator) {
    switch (operator) {
      case "(" -> open.push(")");
      case "[" -> open.push("]");
      case "{" -> open.push("}");
      case ")", "]", "}" -> {
        if (open.isEmpty()) {
          throw error(matcher.start(), "unexpected '" + operator + "'");
        }
        String expected = open.pop();
        if (!expected.equals(operator)) {
          throw error(
              matcher.start(), "unexpected '" + operator + "', expected '" + expected + "'");
        }
      }
      default -> {}
    }
  }

  /// Looks for a pattern from here on.
  private boolean find(Pattern pattern) {
    matcher.usePattern(pattern).region(place, source.text().length());
    return matcher.find();
  }

  /// Goes behind a pattern, if it is here.
  private boolean next(Pattern pattern) {
    matcher.usePattern(pattern).region(place, source.text().length());
    if (!matcher.lookingAt()) {
      return false;
    }
    place = matcher.end();
    return true;
  }

  private void add(Kind kind, String text, int offset) {
    tokens.add(new Token(kind, text, source.position(offset)));
  }

  private TemplateException error(int offset, String reason) {
    return new TemplateException(SYNTAX, reason, source.position(offset));
  }

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS);
  }
}
