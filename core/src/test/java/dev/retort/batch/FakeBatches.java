package dev.retort.batch;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A server with the files and batches of OpenAI's Batch API. A batch advances by one status each
/// time it is asked for, and then answers every line with its question, or as `outcomes` say.
public final class FakeBatches extends Dispatcher implements AutoCloseable {

  /// The key that opens it.
  public static final String KEY = "sk-test-0123456789";

  private static final JsonMapper MAPPER = JsonMapper.shared();

  final MockWebServer server = new MockWebServer();
  final Map<String, String> files = new LinkedHashMap<>();
  final Map<String, ObjectNode> batches = new LinkedHashMap<>();
  final List<String> calls = new ArrayList<>();

  /// Answers of the next calls whose line begins with the key, before they are done at all.
  final Map<String, Queue<MockResponse>> faults = new LinkedHashMap<>();

  /// Calls whose answers are lost after they were done.
  final List<String> lost = new ArrayList<>();

  /// What comes back for a question: a line of the output or error file, `%s` for its custom_id.
  Function<String, String> outcomes = FakeBatches::answered;

  /// The status that batches end with.
  String end = "completed";

  /// Starts it.
  public FakeBatches() throws IOException {
    server.setDispatcher(this);
    server.start();
  }

  static String answered(String text) {
    return said("re: " + text);
  }

  private static String said(String text) {
    return """
    {"id":"r","custom_id":"%%s","response":{"status_code":200,"body":{"id":"c-1","model":"gpt-x-1","choices":[{"message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":100}}},"error":null}\
    """
        .formatted(text);
  }

  static String failed(String message) {
    return """
    {"id":"r","custom_id":"%%s","response":null,"error":{"code":"x","message":"%s"}}\
    """
        .formatted(message);
  }

  void fault(String call, MockResponse response) {
    faults.computeIfAbsent(call, _ -> new ArrayDeque<>()).add(response);
  }

  static MockResponse status(int code, String message) {
    return new MockResponse.Builder()
        .code(code)
        .body("{\"error\":{\"message\":\"%s\"}}".formatted(message))
        .build();
  }

  /// Where it is.
  public String url() {
    return server.url("/v1").toString();
  }

  /// Answers every question as `says` does; it costs 1,000 tokens in and 100 out.
  public void saying(UnaryOperator<String> says) {
    outcomes = question -> said(says.apply(question));
  }

  /// The content of a file.
  String file(String id) {
    return Objects.requireNonNull(files.get(id), id);
  }

  /// A batch as the API shows it.
  ObjectNode batch(String id) {
    return Objects.requireNonNull(batches.get(id), id);
  }

  /// How often a call was done.
  public long count(String call) {
    return calls.stream().filter(call::equals).count();
  }

  @Override
  public synchronized MockResponse dispatch(RecordedRequest request) {
    String call =
        request.getMethod() + " " + request.getUrl().encodedPath().replaceFirst("^/v1", "");
    Queue<MockResponse> waiting = faults.getOrDefault(call, new ArrayDeque<>());
    if (!waiting.isEmpty()) {
      return waiting.remove();
    }
    if (!("Bearer " + KEY).equals(request.getHeaders().get("Authorization"))) {
      return status(
          401, "Incorrect API key provided: " + request.getHeaders().get("Authorization"));
    }
    calls.add(call);
    MockResponse response = answer(call, request);
    return lost.remove(call)
        ? new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build()
        : response;
  }

  private MockResponse answer(String call, RecordedRequest request) {
    String body = request.getBody() == null ? "" : request.getBody().utf8();
    return switch (call) {
      case "POST /files" -> upload(String.valueOf(request.getHeaders().get("Content-Type")), body);
      case "POST /batches" -> create(MAPPER.readTree(body));
      case "GET /batches" ->
          list(Objects.requireNonNullElse(request.getUrl().queryParameter("after"), ""));
      default -> {
        String[] path = call.split("/", -1);
        yield call.endsWith("/content")
            ? ok(file(path[2]))
            : call.endsWith("/cancel") ? cancel(path[2]) : ok(advance(path[2]).toString());
      }
    };
  }

  private MockResponse upload(String type, String body) {
    String boundary = "--" + type.replaceFirst("multipart/form-data; boundary=", "");
    String[] parts = body.split(boundary, -1);
    if (!parts[1].equals("\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n")
        || !parts[2].contains("name=\"file\"; filename=\"batch-")
        || !parts[3].equals("--\r\n")) {
      return status(400, "bad form");
    }
    String content = parts[2].substring(parts[2].indexOf("\r\n\r\n") + 4, parts[2].length() - 2);
    String id = "file-" + (files.size() + 1);
    files.put(id, content);
    return ok("{\"id\":\"%s\",\"object\":\"file\"}".formatted(id));
  }

  private MockResponse create(JsonNode body) {
    String id = "batch_" + (batches.size() + 1);
    ObjectNode batch =
        MAPPER
            .createObjectNode()
            .put("id", id)
            .put("status", "validating")
            .setAll((ObjectNode) body);
    batches.put(id, batch);
    return ok(batch.toString());
  }

  /// Pages of one, newest first.
  private MockResponse list(String after) {
    List<String> ids = new ArrayList<>(batches.keySet()).reversed();
    int from = after.isEmpty() ? 0 : ids.indexOf(after) + 1;
    ObjectNode page = MAPPER.createObjectNode().put("object", "list");
    ArrayNode data = page.putArray("data");
    if (from < ids.size()) {
      data.add(batches.get(ids.get(from)));
    }
    return ok(page.put("has_more", from + 1 < ids.size()).toString());
  }

  private MockResponse cancel(String id) {
    end = "cancelled";
    return ok(batch(id).put("status", "cancelling").toString());
  }

  private ObjectNode advance(String id) {
    ObjectNode batch = batch(id);
    switch (batch.path("status").asString()) {
      case "validating" -> batch.put("status", "in_progress");
      case "in_progress", "cancelling" -> finish(batch);
      default -> {}
    }
    return batch;
  }

  private void finish(ObjectNode batch) {
    batch.put("status", end);
    if (end.equals("failed")) {
      batch
          .putObject("errors")
          .putArray("data")
          .addObject()
          .put("message", "This line is not parseable.")
          .put("line", 1);
      return;
    }
    StringBuilder output = new StringBuilder();
    StringBuilder errors = new StringBuilder();
    for (String line : file(batch.path("input_file_id").asString()).lines().toList()) {
      JsonNode request = MAPPER.readTree(line);
      JsonNode messages = request.at("/body/messages");
      String question = messages.path(messages.size() - 1).path("content").asString();
      String outcome = outcomes.apply(question);
      String row = outcome.formatted(request.path("custom_id").asString()) + "\n";
      (outcome.contains("\"response\":null") ? errors : output)
          .append(outcome.isEmpty() ? "" : row);
    }
    put(batch, "output_file_id", output);
    put(batch, "error_file_id", errors);
  }

  private void put(ObjectNode batch, String field, StringBuilder content) {
    if (!content.isEmpty()) {
      String id = "file-" + (files.size() + 1);
      files.put(id, content.toString());
      batch.put(field, id);
    }
  }

  private static MockResponse ok(String body) {
    return new MockResponse.Builder().body(body).build();
  }

  @Override
  public void close() {
    server.close();
  }
}
