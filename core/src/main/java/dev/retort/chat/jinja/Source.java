package dev.retort.chat.jinja;

import java.util.NavigableMap;
import java.util.TreeMap;

/// A template's text, with line breaks as `\n` and without the last of them, as jinja2 reads it.
///
/// @param lines the number of each line, from 1, by where it begins
record Source(String text, NavigableMap<Integer, Integer> lines) {

  static Source of(String template) {
    String unified = template.replace("\r\n", "\n").replace('\r', '\n');
    String text = unified.endsWith("\n") ? unified.substring(0, unified.length() - 1) : unified;
    NavigableMap<Integer, Integer> lines = new TreeMap<>();
    int start = 0;
    for (String line : text.split("\n", -1)) {
      lines.put(start, lines.size() + 1);
      start += line.length() + 1;
    }
    return new Source(text, lines);
  }

  Position position(int offset) {
    var line = lines.floorEntry(offset);
    return new Position(line.getValue(), offset - line.getKey() + 1);
  }
}
