package dev.retort.exchange;

import dev.retort.data.DataException;
import dev.retort.data.Finding;
import dev.retort.data.Finding.Severity;
import dev.retort.data.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Reads conversations and teacher answers from files of other systems: JSON lines, a list in JSON,
/// or objects one after the other, also compressed with gzip.
///
/// A row that cannot be taken is rejected with its place and the reason; no row is left out
/// silently.
public final class Importer {

  private Importer() {}

  /// Reads a file in the format that its rows have.
  ///
  /// @throws DataException if no row has a known format
  /// @throws IOException if the file cannot be read
  public static Imported read(Path file) throws IOException {
    JsonRows rows = JsonRows.read(file);
    return read(rows, detect(file, rows), Map.of());
  }

  /// Reads a file in a format.
  ///
  /// @throws IOException if the file cannot be read
  public static Imported read(Path file, ExchangeFormat format) throws IOException {
    return read(JsonRows.read(file), format, Map.of());
  }

  /// Reads what a batch of OpenAI's Batch API was asked and answered.
  ///
  /// @param input the file that was uploaded
  /// @param outputs the output file of the batch, its error file, or both
  /// @throws IOException if a file cannot be read
  public static Imported readBatch(Path input, List<Path> outputs) throws IOException {
    List<Rejected> rejected = new ArrayList<>();
    Map<String, JsonRows.Row> inputs = batchInputs(input, rejected);
    Map<String, JsonRows.Row> open = new LinkedHashMap<>(inputs);
    List<ExchangeRecord> records = new ArrayList<>();
    for (Path output : outputs) {
      JsonRows rows = JsonRows.read(output);
      Imported answers = read(rows, ExchangeFormat.OPENAI_BATCH, inputs);
      records.addAll(answers.records());
      rejected.addAll(answers.rejected());
      rows.rows().forEach(row -> open.remove(row.object().path("custom_id").asString("")));
    }
    open.forEach((id, row) ->
        rejected.add(
            new Rejected(
                row.place(),
                "has no answer: no row of %s has the custom_id '%s'".formatted(outputs, id))));
    return new Imported(ExchangeFormat.OPENAI_BATCH, records, rejected);
  }

  /// What a batch was asked, by `custom_id`.
  private static Map<String, JsonRows.Row> batchInputs(Path file, List<Rejected> rejected)
      throws IOException {
    JsonRows asked = JsonRows.read(file);
    rejected.addAll(asked.rejected());
    Map<String, JsonRows.Row> inputs = new LinkedHashMap<>();
    for (JsonRows.Row row : asked.rows()) {
      JsonNode id = row.object().path("custom_id");
      if (!id.isString() || !row.object().path("body").isObject()) {
        rejected.add(
            new Rejected(row.place(), "is no row of a batch: it lacks 'custom_id' or 'body'"));
      } else if (inputs.putIfAbsent(id.stringValue(), row) != null) {
        rejected.add(
            new Rejected(row.place(), "repeats the custom_id '%s'".formatted(id.stringValue())));
      }
    }
    return inputs;
  }

  private static ExchangeFormat detect(Path file, JsonRows rows) {
    return rows.rows().stream()
        .flatMap(row -> ExchangeFormat.of(row.object()).stream())
        .findFirst()
        .orElseThrow(() -> unknown(file, rows));
  }

  private static DataException unknown(Path file, JsonRows rows) {
    String found =
        rows.rows().isEmpty()
            ? "has no JSON object"
            : "has rows with the fields " + rows.rows().getFirst().object().propertyNames();
    String message =
        "%s, which is none of the formats %s"
            .formatted(found, Arrays.toString(ExchangeFormat.values()));
    Place place = rows.rejected().isEmpty() ? Place.of(file) : rows.rejected().getFirst().place();
    String first =
        rows.rejected().isEmpty() ? "" : "; first problem: " + rows.rejected().getFirst().reason();
    return new DataException(
        List.of(new Finding(Severity.ERROR, Optional.of(place), message + first)));
  }

  private static Imported read(
      JsonRows rows, ExchangeFormat format, Map<String, JsonRows.Row> batchInputs) {
    List<ExchangeRecord> records = new ArrayList<>();
    List<Rejected> rejected = new ArrayList<>(rows.rejected());
    for (JsonRows.Row row : rows.rows()) {
      try {
        records.addAll(records(format, row.place(), row.object(), batchInputs));
      } catch (RowException e) {
        rejected.add(new Rejected(row.place(), String.valueOf(e.getMessage())));
      }
    }
    rejected.sort(Comparator.comparingLong(one -> one.place().line()));
    return new Imported(format, records, rejected);
  }

  private static List<ExchangeRecord> records(
      ExchangeFormat format, Place place, JsonNode row, Map<String, JsonRows.Row> batchInputs) {
    return switch (format) {
      case OPENAI_CHAT -> OpenAiRows.chat(place, row);
      case OPENAI_STORED -> OpenAiRows.stored(place, row);
      case OPENAI_BATCH -> OpenAiRows.batch(place, row, batchInputs);
      case BEDROCK_LOG -> BedrockRows.log(place, row);
      case BEDROCK_CONVERSATION -> BedrockRows.conversation(place, row);
      case SHAREGPT -> CommonRows.shareGpt(place, row);
      case ALPACA -> CommonRows.alpaca(place, row);
    };
  }
}
