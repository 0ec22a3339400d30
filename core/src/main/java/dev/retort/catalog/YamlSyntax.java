package dev.retort.catalog;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Says in plain words, with line and column, why a text is not YAML. The scanner explains itself
/// in the terms of its grammar ("expected `<block end>`"), which help few people.
final class YamlSyntax {

  private static final Pattern BAD_START =
      Pattern.compile("found character '?(.)'? ?that cannot start any token.*");

  private YamlSyntax() {}

  /// The problem behind an exception of the YAML library about `text`.
  static Problem problem(YamlEngineException e, String text) {
    return switch (e) {
      case MarkedYamlEngineException marked -> problem(marked);
      case ReaderException unreadable -> {
        String before = text.substring(0, text.offsetByCodePoints(0, unreadable.getPosition()));
        int column = before.length() - before.lastIndexOf('\n');
        Location at = new Location.Mark((int) before.lines().count(), column);
        String character = "U+%04X".formatted(unreadable.getCodePoint());
        yield new Problem("", at, "the character " + character + " is not allowed in YAML");
      }
      default ->
          new Problem("", new Location.Nowhere(), Objects.toString(e.getMessage(), e.toString()));
    };
  }

  private static Problem problem(MarkedYamlEngineException e) {
    String said = e.getProblem();
    Location begun = location(e.getContextMark());
    return said.equals("found unexpected end of stream")
        ? new Problem("", begun, "the quote that opens here is never closed")
        : new Problem("", location(e.getProblemMark()), explain(said, begun));
  }

  /// The place of a mark, which counts from 0.
  static Location location(Optional<Mark> mark) {
    return mark.<Location>map(at -> new Location.Mark(at.getLine() + 1, at.getColumn() + 1))
        .orElseGet(Location.Nowhere::new);
  }

  private static String explain(String said, Location begun) {
    Matcher badStart = BAD_START.matcher(said);
    if (said.contains("\\t(TAB)")) {
      return "a tab cannot indent; use spaces";
    }
    if (badStart.matches()) {
      return "a value cannot start with '%s'; put it in quotes".formatted(badStart.group(1));
    }
    if (said.equals("mapping values are not allowed here")) {
      return "this ':' starts a value where none can stand; put a text that contains ': ' in"
          + " quotes, and indent the settings of one section alike";
    }
    if (said.startsWith("expected ',' or")
        && begun instanceof Location.Mark(int line, int column)) {
      return "%s to continue or close what opens in line %d, column %d"
          .formatted(said.replaceFirst(", but got.*", ""), line, column);
    }
    if (said.contains("expected <block end>")) {
      return "this line does not belong to the lines above it; indent the settings of one section"
          + " alike";
    }
    if (said.startsWith("found undefined alias ")) {
      String name = said.substring(said.lastIndexOf(' ') + 1);
      return "'*%s' refers to an anchor; there is no '&%s' above this line".formatted(name, name);
    }
    return said;
  }
}
