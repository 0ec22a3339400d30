package dev.retort.catalog;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Breaks the text of a problem into indented lines for a terminal.
final class Wrap {

  private static final String FIRST = "  ";
  private static final String FURTHER = "      ";

  /// Words, and short lists such as `[cross-entropy, forward-kl]` whole.
  private static final Pattern UNIT = Pattern.compile("\\[[^\\]]{0,60}]\\S*|\\S+");

  private Wrap() {}

  /// The text with its first line indented by two and all others by six; breaks at spaces only, so
  /// that a long path or URL stays whole.
  static String lines(String text, int columns) {
    StringBuilder out = new StringBuilder();
    String indent = FIRST;
    for (String line : text.lines().toList()) {
      out.append(out.isEmpty() ? "" : "\n");
      appendLine(out, indent, line, columns);
      indent = FURTHER;
    }
    return out.toString();
  }

  private static void appendLine(StringBuilder out, String indent, String line, int columns) {
    int width = indent.length();
    out.append(indent);
    String gap = "";
    for (String unit : UNIT.matcher(line).results().map(MatchResult::group).toList()) {
      if (!gap.isEmpty() && width + 1 + unit.length() > columns) {
        out.append('\n').append(FURTHER);
        width = FURTHER.length();
        gap = "";
      }
      out.append(gap).append(unit);
      width += gap.length() + unit.length();
      gap = " ";
    }
  }
}
