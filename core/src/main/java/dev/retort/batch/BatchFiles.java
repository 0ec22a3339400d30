package dev.retort.batch;

import dev.retort.api.ApiException;
import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatRequest;
import dev.retort.io.Aside;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The files of batches: requests that go up, outcomes that come down. They stay in their folder,
/// so that what cannot be read is not lost.
///
/// @param wire how requests are written and answers read
/// @param folder where the files are
public record BatchFiles(BatchWire wire, Path folder) {

  private static final JsonMapper MAPPER = JsonMapper.shared();

  /// What a line of an output or error file says.
  sealed interface Outcome {

    /// A request was answered.
    record Answered(String key, ChatAnswer answer) implements Outcome {}

    /// A request has no answer.
    record Failed(String key, String reason) implements Outcome {}

    /// The line says nothing.
    record Unreadable(String reason) implements Outcome {}
  }

  /// How long a request's line is, in bytes.
  ///
  /// @throws ApiException if the API offers no such request
  long size(String key, ChatRequest request) {
    return line(key, request).getBytes(StandardCharsets.UTF_8).length + 1L;
  }

  /// Writes the requests of a batch.
  Path writeInput(String batch, SequencedMap<String, ChatRequest> requests) {
    Path file = folder.resolve("batch-%s-input.jsonl".formatted(batch));
    try {
      Aside.file(file, aside -> write(aside, requests));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be written: %s".formatted(file, e.getMessage()), e);
    }
  }

  private void write(Path file, SequencedMap<String, ChatRequest> requests) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      for (Map.Entry<String, ChatRequest> request : requests.entrySet()) {
        writer.write(line(request.getKey(), request.getValue()) + "\n");
      }
    }
  }

  /// Where a file of outcomes is put.
  Path output(String batch, String remoteFile) {
    String name = remoteFile.replaceAll("[^A-Za-z0-9._-]", "_");
    return folder.resolve("batch-%s-%s.jsonl".formatted(batch, name));
  }

  /// Reads what a file of outcomes says, line by line.
  void read(Path file, Consumer<Outcome> reader) {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          reader.accept(outcome("%s:%d".formatted(file, number), line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private String line(String key, ChatRequest request) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("custom_id", key);
    line.put("method", "POST");
    line.put("url", BatchApi.ENDPOINT);
    line.put("body", wire.body(request));
    return MAPPER.writeValueAsString(line);
  }

  private Outcome outcome(String place, String line) {
    JsonNode row;
    try {
      row = MAPPER.readTree(line);
    } catch (JacksonException e) {
      return new Outcome.Unreadable("%s is no JSON".formatted(place));
    }
    String key = row.path("custom_id").asString("");
    JsonNode error = row.path("error");
    if (error.isObject()) {
      return new Outcome.Failed(
          key, error.path("message").asString(error.path("code").asString("no reason given")));
    }
    JsonNode response = row.path("response");
    int status = response.path("status_code").asInt(0);
    JsonNode body = response.path("body");
    if (status != 200) {
      String reason = body.path("error").path("message").asString("no reason given");
      return new Outcome.Failed(key, "status %d: %s".formatted(status, reason));
    }
    return answer(place, key, body);
  }

  private Outcome answer(String place, String key, JsonNode body) {
    try {
      return new Outcome.Answered(key, wire.answer(body));
    } catch (ApiException e) {
      return new Outcome.Failed(
          key, "its answer at %s cannot be read: %s".formatted(place, e.getMessage()));
    }
  }

  /// Those of `requests` that the API offers; `refused` gets the others with the reason.
  SequencedMap<String, ChatRequest> offered(
      SequencedMap<String, ChatRequest> requests, List<BatchOutcome.Failure> refused) {
    SequencedMap<String, ChatRequest> offered = new LinkedHashMap<>();
    requests.forEach((key, request) -> {
      try {
        wire.body(request);
        offered.put(key, request);
      } catch (ApiException e) {
        refused.add(new BatchOutcome.Failure(request, String.valueOf(e.getMessage())));
      }
    });
    return offered;
  }
}
