package dev.retort.batch;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import dev.retort.api.ApiException;
import dev.retort.api.RetryableApiException;
import dev.retort.io.Aside;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The files and batches of [OpenAI's Batch API](https://platform.openai.com/docs/guides/batch), as
/// a server offers them.
///
/// What only reads is tried again when it fails in passing. What creates a batch is not, since the
/// first attempt may have created one: [BatchRunner] looks before it tries again.
public final class BatchApi {

  /// The metadata in which a batch carries our name for it.
  static final String NAME = "retort_batch";

  /// What requests of a batch ask for.
  static final String ENDPOINT = "/v1/chat/completions";

  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final int PAGE = 100;
  private static final Duration NO_PAUSE_NAMED = Duration.ofNanos(-1);

  private final BatchHttp http;
  private final RetryPolicy<Object> patience;

  /// @param http the server and who asks
  /// @param firstPause how long to wait before the second attempt at reading; doubles up to a
  ///   minute
  /// @param attempts at reading something, at most
  public BatchApi(BatchHttp http, Duration firstPause, int attempts) {
    this.http = http;
    this.patience =
        RetryPolicy.builder()
            .handle(RetryableApiException.class)
            .withDelayFnOn(
                context -> pause(context.getLastException()), RetryableApiException.class)
            .withBackoff(firstPause, Duration.ofMinutes(1).plus(firstPause))
            .withMaxAttempts(attempts)
            .build();
  }

  /// Uploads a batch's requests.
  ///
  /// @return the API's name of the file
  String upload(Path file) throws InterruptedException {
    String boundary = "retort-" + UUID.randomUUID();
    String head =
        """
        --%s\r
        Content-Disposition: form-data; name="purpose"\r
        \r
        batch\r
        --%s\r
        Content-Disposition: form-data; name="file"; filename="%s"\r
        Content-Type: application/jsonl\r
        \r
        """
            .formatted(boundary, boundary, file.getFileName());
    try {
      BodyPublisher body =
          BodyPublishers.concat(
              BodyPublishers.ofString(head),
              BodyPublishers.ofFile(file),
              BodyPublishers.ofString("\r\n--%s--\r\n".formatted(boundary)));
      return required(
          http.json(post("/files", "multipart/form-data; boundary=" + boundary, body)), "id");
    } catch (IOException e) {
      throw BatchHttp.unreadable(file, e);
    }
  }

  /// Creates a batch.
  ///
  /// @param name ours, by which [#find] finds it
  BatchStatus create(String name, String inputFile) throws InterruptedException {
    ObjectNode body =
        MAPPER
            .createObjectNode()
            .put("input_file_id", inputFile)
            .put("endpoint", ENDPOINT)
            .put("completion_window", "24h");
    body.putObject("metadata").put(NAME, name);
    JsonNode created =
        http.json(post("/batches", "application/json", BodyPublishers.ofString(body.toString())));
    required(created, "id");
    return BatchStatus.of(created);
  }

  /// The batch that was created under a name, if there is one.
  Optional<BatchStatus> find(String name) throws InterruptedException {
    String after = "";
    while (true) {
      String cursor = after.isEmpty() ? "" : "&after=" + encode(after);
      JsonNode page = read("/batches?limit=%d%s".formatted(PAGE, cursor));
      for (JsonNode batch : page.path("data")) {
        if (batch.path("metadata").path(NAME).asString("").equals(name)) {
          return Optional.of(BatchStatus.of(batch));
        }
        after = batch.path("id").asString("");
      }
      if (!page.path("has_more").asBoolean(false)) {
        return Optional.empty();
      }
    }
  }

  /// How far a batch is.
  BatchStatus status(String id) throws InterruptedException {
    return BatchStatus.of(read("/batches/" + encode(id)));
  }

  /// Asks to stop a batch; what is answered until then is paid for and can be collected.
  BatchStatus cancel(String id) throws InterruptedException {
    return BatchStatus.of(
        http.json(
            post(
                "/batches/%s/cancel".formatted(encode(id)),
                "application/json",
                BodyPublishers.noBody())));
  }

  /// Downloads a file as a whole, unless it is there already.
  void download(String id, Path target) throws InterruptedException {
    if (Files.exists(target)) {
      return;
    }
    patiently(() -> {
      try (InputStream in = http.stream(get("/files/%s/content".formatted(encode(id))))) {
        Aside.file(target, aside -> Files.copy(in, aside));
        return target;
      } catch (IOException e) {
        throw http.broken(e);
      }
    });
  }

  private JsonNode read(String path) throws InterruptedException {
    return patiently(() -> http.json(get(path)));
  }

  private <T> T patiently(CheckedSupplier<T> attempt) throws InterruptedException {
    try {
      return Failsafe.with(patience).get(attempt);
    } catch (FailsafeException e) {
      switch (e.getCause()) {
        case InterruptedException interrupted -> throw interrupted;
        case ApiException api -> throw api;
        case null, default -> throw e;
      }
    }
  }

  /// What the server asked to wait; negative, for the usual pause, if it asked for none.
  private static Duration pause(Throwable failure) {
    return failure instanceof RetryableApiException retryable
        ? retryable.retryAfter().orElse(NO_PAUSE_NAMED)
        : NO_PAUSE_NAMED;
  }

  private HttpRequest get(String path) {
    return http.request(path).GET().build();
  }

  private HttpRequest post(String path, String type, BodyPublisher body) {
    return http.request(path).header("Content-Type", type).POST(body).build();
  }

  private static String required(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (!value.isString()) {
      throw new RetryableApiException(
          "the answer lacks '%s': %s".formatted(field, object), Optional.empty());
    }
    return value.stringValue();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "BatchApi[" + http + "]";
  }

  /// The URL below which the paths of the API are.
  URI base() {
    return http.base();
  }
}
