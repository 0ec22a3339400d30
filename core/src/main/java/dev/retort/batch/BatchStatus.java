package dev.retort.batch;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What the API says of a batch
/// ([reference](https://platform.openai.com/docs/api-reference/batch/object)).
///
/// @param id the API's name for it
/// @param status such as `in_progress`
/// @param outputFile the API's name of the file with answers, if there are any yet
/// @param errorFile the API's name of the file with failures, if there are any yet
/// @param problems why it failed as a whole
/// @param total its requests
/// @param completed those with an answer
/// @param failed those without
public record BatchStatus(
    String id,
    String status,
    Optional<String> outputFile,
    Optional<String> errorFile,
    String problems,
    long total,
    long completed,
    long failed) {

  private static final List<String> ENDS = List.of("completed", "failed", "expired", "cancelled");

  static BatchStatus of(JsonNode batch) {
    JsonNode counts = batch.path("request_counts");
    return new BatchStatus(
        batch.path("id").asString(""),
        batch.path("status").asString(""),
        text(batch, "output_file_id"),
        text(batch, "error_file_id"),
        batch
            .path("errors")
            .path("data")
            .valueStream()
            .map(BatchStatus::problem)
            .collect(Collectors.joining("; ")),
        counts.path("total").asLong(0),
        counts.path("completed").asLong(0),
        counts.path("failed").asLong(0));
  }

  /// Whether nothing more will come.
  public boolean isOver() {
    return ENDS.contains(status);
  }

  /// The files that may hold outcomes.
  Stream<String> files() {
    return Stream.of(outputFile, errorFile).flatMap(Optional::stream);
  }

  private static String problem(JsonNode error) {
    String message = error.path("message").asString(error.path("code").asString("no reason given"));
    return error.path("line").isNumber()
        ? "line %d: %s".formatted(error.path("line").asLong(), message)
        : message;
  }

  private static Optional<String> text(JsonNode object, String field) {
    String value = object.path(field).asString("");
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }
}
