package dev.retort.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A record of a CSV or TSV file that DuckDB could not read.
///
/// @param position where its line begins, in bytes from 1
/// @param kind DuckDB's name for what is wrong
/// @param content the record, with the blank lines before it
/// @param message DuckDB's explanation
record Reject(long position, String kind, String content, String message) {
  private static final int CONTENT_SHOWN = 60;

  /// The rejected records with the lines they stand on; `rejects` are ordered by position.
  static List<Finding> findings(Path file, List<Reject> rejects) throws IOException {
    if (rejects.isEmpty()) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      long line = 1;
      long read = 1;
      for (Reject reject : rejects) {
        for (; read < reject.position; read++) {
          line += in.read() == '\n' ? 1 : 0;
        }
        Place place = new Place(file, line + reject.blankLines());
        findings.add(Finding.error(place, reject.explained()));
      }
    }
    return findings;
  }

  private long blankLines() {
    return content.chars().takeWhile(c -> c == '\n' || c == '\r').filter(c -> c == '\n').count();
  }

  private String explained() {
    String first = content.strip().lines().findFirst().orElse("");
    String found =
        first.length() <= CONTENT_SHOWN ? first : first.substring(0, CONTENT_SHOWN) + "…";
    return "'" + found + "' " + advice();
  }

  private String advice() {
    return switch (kind) {
      case "MISSING COLUMNS", "TOO MANY COLUMNS" ->
          "has another number of fields than the first line (%s); enclose fields that hold the"
                  .formatted(message.replace("Expected Number of Columns", "expected"))
              + " separator or line breaks in quotes";
      case "UNQUOTED VALUE" ->
          "has a quote that is not closed, or text after a closing quote; write a quote inside a"
              + " quoted field as \"\", or set data.quotes: none if quotes are plain text";
      case "INVALID ENCODING", "INVALID UNICODE" -> TextLines.NOT_UTF8;
      default -> "cannot be read: " + message;
    };
  }
}
