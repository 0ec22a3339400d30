package dev.retort.runtime;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes `retort.json`, with messages that name the key.
final class ManifestFile {
  private static final String AGAIN = " " + StudentFolder.EXPORT_AGAIN;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private ManifestFile() {}

  static void write(StudentManifest manifest, Path file) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".part");
    Files.write(
        aside,
        MAPPER.writeValueAsBytes(manifest),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    Files.move(aside, file, ATOMIC_MOVE, REPLACE_EXISTING);
  }

  static StudentManifest read(Path file) throws IOException {
    ObjectNode manifest = parse(file);
    checkVersion(file, manifest.path("formatVersion"));
    if (manifest.path("output") instanceof ObjectNode output && !output.has("temperature")) {
      output.put("temperature", 1.0);
    }
    if (manifest.path("input") instanceof ObjectNode input && !input.has("prompts")) {
      input.putObject("prompts");
    }
    try {
      return MAPPER.treeToValue(manifest, StudentManifest.class);
    } catch (JacksonException e) {
      throw new StudentException(file + ": " + problem(e) + "." + AGAIN, e);
    }
  }

  private static ObjectNode parse(Path file) throws IOException {
    try {
      if (MAPPER.readTree(Files.readAllBytes(file)) instanceof ObjectNode manifest) {
        return manifest;
      }
      throw new StudentException(file + " is not a JSON object." + AGAIN);
    } catch (StreamReadException e) {
      throw new StudentException(
          "%s is not JSON: line %d, column %d: %s.%s"
              .formatted(
                  file,
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr(),
                  e.getOriginalMessage(),
                  AGAIN),
          e);
    } catch (NoSuchFileException e) {
      throw new StudentException(
          file.toAbsolutePath().getParent()
              + " is not an exported student: no retort.json."
              + AGAIN,
          e);
    }
  }

  /// Looks at the version before anything else, because a newer layout may have other keys.
  private static void checkVersion(Path file, JsonNode version) {
    if (!version.isInt() || version.intValue() < 1) {
      throw new StudentException(
          file + ": formatVersion: " + version + " must be a positive whole number." + AGAIN);
    }
    if (version.intValue() > StudentManifest.FORMAT_VERSION) {
      throw new StudentException(
          ("%s has format version %d, made by a newer Retort; this one reads version %d."
                  + " Upgrade retort-runtime.")
              .formatted(file, version.intValue(), StudentManifest.FORMAT_VERSION));
    }
  }

  /// Where and what, such as `input.maxLength: 0 must be at least 1`.
  private static String problem(JacksonException e) {
    String parent = e.getPath().stream().map(ManifestFile::step).collect(Collectors.joining());
    if (e.getCause() instanceof IllegalArgumentException cause) {
      return (parent + "." + cause.getMessage()).substring(1);
    }
    // After the semicolon, Jackson explains which of its settings raised the error.
    String reason = e.getOriginalMessage().replaceFirst(";.*", "");
    return (parent + ": " + reason).substring(1).stripLeading();
  }

  private static String step(JacksonException.Reference at) {
    return at.getPropertyName() == null ? "[" + at.getIndex() + "]" : "." + at.getPropertyName();
  }
}
