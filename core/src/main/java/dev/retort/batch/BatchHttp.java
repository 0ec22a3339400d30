package dev.retort.batch;

import dev.retort.api.ApiException;
import dev.retort.api.PermanentApiException;
import dev.retort.api.PermanentApiException.Scope;
import dev.retort.api.RetryableApiException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Sends requests to a server of the Batch API and says what went wrong, without the key.
public final class BatchHttp {

  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final int SHOWN = 300;

  private final HttpClient client;
  private final URI base;
  private final Map<String, String> headers;
  private final Duration timeout;

  /// @param client the connections; it must not follow redirects, which would show them the key
  /// @param base the URL below which `/files` and `/batches` are, such as
  ///   `https://api.openai.com/v1`
  /// @param headers what says who asks; they hold the key
  /// @param timeout until a response begins
  public BatchHttp(HttpClient client, URI base, Map<String, String> headers, Duration timeout) {
    if (client.followRedirects() != HttpClient.Redirect.NEVER) {
      throw new IllegalArgumentException("client must not follow redirects");
    }
    this.client = client;
    this.base = base;
    this.headers = Map.copyOf(headers);
    this.timeout = timeout;
  }

  URI base() {
    return base;
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(timeout)
            .header("User-Agent", "retort");
    headers.forEach(request::header);
    return request;
  }

  /// Sends, and reads a JSON object.
  JsonNode json(HttpRequest request) throws InterruptedException {
    try (InputStream in = stream(request)) {
      return MAPPER.readTree(in);
    } catch (JacksonException e) {
      throw new RetryableApiException(
          "%s answered no JSON (%s)".formatted(request.uri(), e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /// Sends, and gives the body of a successful response.
  InputStream stream(HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
      if (response.statusCode() / 100 == 2) {
        return response.body();
      }
      try (InputStream in = response.body()) {
        throw refused(request, response, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw broken(e);
    }
  }

  RetryableApiException broken(IOException e) {
    return new RetryableApiException(
        "the connection to %s broke: %s".formatted(base, e.getMessage()), e);
  }

  static PermanentApiException unreadable(Path file, IOException e) {
    return new PermanentApiException(
        "%s cannot be read: %s".formatted(file, e.getMessage()), Scope.REQUEST, e);
  }

  private ApiException refused(
      HttpRequest request, HttpResponse<InputStream> response, String body) {
    int status = response.statusCode();
    String message =
        "%s answered %d: %s".formatted(request.uri(), status, withoutSecrets(reason(body)));
    if (status == 408 || status == 409 || status == 429 || status >= 500) {
      return new RetryableApiException(message, retryAfter(response));
    }
    boolean all = status == 401 || status == 402 || status == 403;
    return new PermanentApiException(message, all ? Scope.ALL : Scope.REQUEST);
  }

  private static String reason(String body) {
    String reason = body;
    try {
      reason = MAPPER.readTree(body).path("error").path("message").asString(body);
    } catch (JacksonException plain) {
      // Proxies answer with pages; their text is the reason.
    }
    return reason.length() > SHOWN ? reason.substring(0, SHOWN) + "…" : reason;
  }

  private String withoutSecrets(String text) {
    String clean = text;
    for (String value : headers.values()) {
      String secret = value.replaceFirst("^Bearer ", "");
      clean = secret.isBlank() ? clean : clean.replace(secret, "[key]");
    }
    return clean;
  }

  private static Optional<Duration> retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(seconds -> seconds.matches("\\d{1,5}"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
  }

  @Override
  public String toString() {
    return base.toString();
  }
}
