package dev.retort.data;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The physical lines of a UTF-8 file, numbered from 1.
///
/// Bytes are first read as Latin-1, which cannot fail, and each line is decoded by itself: that is
/// how a broken byte sequence gets a line number.
final class TextLines implements AutoCloseable {
  static final String NOT_UTF8 = "is not UTF-8; convert the file, for example with iconv -t UTF-8";

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final Path file;
  private final BufferedReader reader;
  private long number;

  private TextLines(Path file, BufferedReader reader) {
    this.file = file;
    this.reader = reader;
  }

  static TextLines open(Path file) throws IOException {
    return new TextLines(file, Files.newBufferedReader(file, StandardCharsets.ISO_8859_1));
  }

  /// The number of the line that [#next] returned last.
  long number() {
    return number;
  }

  /// The bytes of the next line as Latin-1, without its line break; empty after the last line.
  Optional<String> next() throws IOException {
    number++;
    return Optional.ofNullable(reader.readLine());
  }

  /// The text of a line that [#next] returned last; empty if its bytes are not UTF-8.
  Optional<String> decode(String bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
      return Optional.of(
          number == 1 && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /// Where the reader stands.
  Place place() {
    return new Place(file, number);
  }

  static void requireUtf8FirstLine(Path file) throws IOException {
    try (TextLines lines = open(file)) {
      String bytes = lines.next().orElse("");
      if (lines.decode(bytes).isEmpty()) {
        throw new DataException(List.of(Finding.error(lines.place(), NOT_UTF8)));
      }
    }
  }

  /// The first line that ends with another line break than the first line, if there is one.
  static Optional<Place> inconsistentEnding(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      Optional<Boolean> expected = Optional.empty();
      long line = 1;
      int previous = -1;
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next == '\n') {
          boolean carriageReturn = previous == '\r';
          if (expected.isPresent() && expected.get() != carriageReturn) {
            return Optional.of(new Place(file, line));
          }
          expected = Optional.of(carriageReturn);
          line++;
        }
        previous = next;
      }
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
