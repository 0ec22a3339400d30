package dev.retort.exchange;

import dev.retort.data.Place;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The objects in a file: one a line, or in a list, or one after the other over many lines; also
/// compressed with gzip. A page of a list API, `{"object": "list", "data": […]}`, stands for its
/// items.
///
/// @param rows what could be read, with the line on which it begins
/// @param rejected what is no JSON object
record JsonRows(List<Row> rows, List<Rejected> rejected) {

  /// An object and where it begins.
  record Row(Place place, JsonNode object) {}

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final int LINES_TRIED = 20;
  private static final int GZIP_MAGIC = 0x1f8b;

  static JsonRows read(Path file) throws IOException {
    JsonRows found = new JsonRows(new ArrayList<>(), new ArrayList<>());
    if (isByLine(file)) {
      found.readLines(file);
    } else {
      found.readDocument(file);
    }
    return found;
  }

  /// Whether an object fits a line, at least one of the first few.
  private static boolean isByLine(Path file) throws IOException {
    try (BufferedReader lines = lines(file)) {
      int tried = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          tried++;
          if (line.strip().startsWith("[") || tried > LINES_TRIED) {
            return false;
          }
          if (isObject(line)) {
            return true;
          }
        }
      }
      return tried == 0;
    } catch (EOFException | ZipException cut) {
      return true; // which is said of the line where it happens
    }
  }

  private static boolean isObject(String line) {
    try {
      return MAPPER.readTree(unmarked(line)).isObject();
    } catch (JacksonException broken) {
      return false; // the next line may be whole
    }
  }

  private void readLines(Path file) throws IOException {
    long number = 0;
    try (BufferedReader lines = lines(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          readLine(new Place(file, number), line);
        }
      }
    } catch (EOFException | ZipException e) {
      reject(
          new Place(file, number + 1),
          "the compressed file is cut or damaged (%s), so nothing from here on could be read"
              .formatted(e.getMessage()));
    }
  }

  private void readLine(Place place, String latin) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(latin.getBytes(StandardCharsets.ISO_8859_1));
      String line = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      add(place, MAPPER.readTree(line.startsWith("\uFEFF") ? line.substring(1) : line));
    } catch (CharacterCodingException e) {
      reject(place, "is not UTF-8; convert the file, for example with iconv -t UTF-8");
    } catch (JacksonException e) {
      reject(
          place,
          "is no JSON (column %d: %s); write one object a line, unbroken"
              .formatted(e.getLocation().getColumnNr(), e.getOriginalMessage()));
    }
  }

  /// A list, or objects over many lines. What follows a mistake cannot be told apart.
  private void readDocument(Path file) throws IOException {
    long line = 1;
    try (InputStream in = open(file);
        JsonParser parser = MAPPER.createParser(in)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        line = parser.currentTokenLocation().getLineNr();
        if (token != JsonToken.START_ARRAY && token != JsonToken.END_ARRAY) {
          add(new Place(file, line), parser.readValueAsTree());
        }
      }
    } catch (JacksonException e) {
      reject(
          new Place(file, Math.max(line, e.getLocation().getLineNr())),
          "is no JSON (%s), so nothing from line %d on could be read"
              .formatted(e.getOriginalMessage(), line));
    }
  }

  private void add(Place place, JsonNode value) {
    if (!value.isObject()) {
      reject(place, "is no JSON object but " + value.getNodeType());
    } else if (value.path("object").asString("").equals("list") && value.path("data").isArray()) {
      value.path("data").forEach(item -> add(place, item));
    } else {
      rows.add(new Row(place, value));
    }
  }

  private void reject(Place place, String reason) {
    rejected.add(new Rejected(place, reason));
  }

  /// Lines as Latin-1, which cannot fail; a line that is no UTF-8 is then refused by itself.
  private static BufferedReader lines(Path file) throws IOException {
    return new BufferedReader(new InputStreamReader(open(file), StandardCharsets.ISO_8859_1));
  }

  private static String unmarked(String latin) {
    return latin.startsWith("\u00EF\u00BB\u00BF") ? latin.substring(3) : latin;
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file));
    in.mark(2);
    int magic = (in.read() << 8) | in.read();
    in.reset();
    return magic == GZIP_MAGIC ? new GZIPInputStream(in) : in;
  }
}
