package dev.retort.report;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import dev.retort.eval.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The report as JSON, for programs: the record tree under its component names, in their order.
///
/// `schemaVersion` counts changes that a reader must know of. Infinite bounds are the strings
/// `"Infinity"` and `"-Infinity"`, as JSON has no number for them.
public final class JsonReport {

  /// The version of the format that this class writes and reads.
  public static final int SCHEMA_VERSION = 1;

  private static final String VERSION = "schemaVersion";
  private static final String ALL_MET = "allRequirementsMet";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.INDENT_OUTPUT)
          // Older reports lack lists that came later.
          .withConfigOverride(
              List.class,
              list -> list.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
          .addMixIn(Verdict.class, VerdictType.class)
          .build();

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "verdict")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Verdict.Met.class, name = "met"),
    @JsonSubTypes.Type(value = Verdict.Missed.class, name = "missed"),
    @JsonSubTypes.Type(value = Verdict.Unproven.class, name = "unproven")
  })
  private interface VerdictType {}

  private JsonReport() {}

  /// Writes the document to `file`, which is replaced as a whole.
  public static void write(RunReport report, Path file) throws IOException {
    WholeFile.write(file, render(report));
  }

  /// The document as text.
  public static String render(RunReport report) {
    ObjectNode document = MAPPER.createObjectNode();
    document.put(VERSION, SCHEMA_VERSION);
    document.put(ALL_MET, Verdict.allMet(report.verdicts()));
    document.setAll(MAPPER.<ObjectNode>valueToTree(report));
    return MAPPER.writeValueAsString(document) + "\n";
  }

  /// Reads a report that [#write] wrote.
  ///
  /// @throws IOException naming the file, when it cannot be read or is no such report
  public static RunReport read(Path file) throws IOException {
    String text = Files.readString(file);
    try {
      JsonNode document = MAPPER.readTree(text);
      int version = document.path(VERSION).asInt(0);
      if (!(document instanceof ObjectNode report) || version != SCHEMA_VERSION) {
        throw new IOException(
            "%s: %s is %s but this version of Retort reads %d; write the report again"
                .formatted(file, VERSION, document.path(VERSION), SCHEMA_VERSION));
      }
      report.remove(VERSION);
      report.remove(ALL_MET);
      return MAPPER.treeToValue(report, RunReport.class);
    } catch (JacksonException e) {
      throw new IOException(file + " is not a report: " + e.getOriginalMessage(), e);
    }
  }
}
