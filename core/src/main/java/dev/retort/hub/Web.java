package dev.retort.hub;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.Timeout;
import dev.failsafe.TimeoutExceededException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// Sends requests and follows redirects by hand, so that a token reaches the server it belongs to
/// and no other.
///
/// @param client the connections; it must not follow redirects itself
/// @param credentials the token and its server, where there is one
/// @param patience how long a server may stay silent
record Web(HttpClient client, Optional<Credentials> credentials, Duration patience) {

  private static final int MAX_REDIRECTS = 10;
  private static final int TEXT_BUFFER_BYTES = 1 << 13;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /// A token and the server that may see it.
  record Credentials(URI server, String token) {

    @Override
    public String toString() {
      return "Credentials[server=%s]".formatted(server);
    }
  }

  /// A client as [Web] needs it.
  static HttpClient newClient(Duration patience) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(patience)
        .build();
  }

  /// The head of `uri`. A redirect to another server is not followed: that server may hold the
  /// bytes, but only the first knows the file.
  Reply head(URI uri) throws IOException, InterruptedException {
    return send("HEAD", uri, 0);
  }

  /// The content of `uri` from byte `from` on, if the server can do that, else from the start.
  Reply get(URI uri, long from) throws IOException, InterruptedException {
    return send("GET", uri, from);
  }

  /// The content of `uri` as text.
  String text(URI uri, Reply.Refusal refusal) throws IOException, InterruptedException {
    try (Reply reply = get(uri, 0)) {
      reply.requireSuccess(refusal);
      return text(reply);
    }
  }

  /// The content of `uri` as text, or empty when the server has no such file.
  Optional<String> textIfFound(URI uri, Reply.Refusal refusal)
      throws IOException, InterruptedException {
    try (Reply reply = get(uri, 0)) {
      if (reply.isMissing()) {
        return Optional.empty();
      }
      reply.requireSuccess(refusal);
      return Optional.of(text(reply));
    }
  }

  /// Reads into `buffer` and returns the number of bytes, or -1 at the end.
  ///
  /// @throws PassingFault when nothing arrives for too long
  int read(InputStream body, byte[] buffer) throws IOException {
    Timeout<Integer> timeout = Timeout.<Integer>builder(patience).withInterrupt().build();
    try {
      return Failsafe.with(timeout).get(() -> body.read(buffer));
    } catch (TimeoutExceededException e) {
      String silence = "nothing arrived for " + patience.toSeconds() + " s";
      throw new PassingFault(silence, Optional.empty());
    } catch (FailsafeException e) {
      if (e.getCause() instanceof IOException fault) {
        throw fault;
      }
      throw e;
    }
  }

  private String text(Reply reply) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] buffer = new byte[TEXT_BUFFER_BYTES];
    InputStream body = reply.body();
    for (int count = read(body, buffer); count >= 0; count = read(body, buffer)) {
      text.write(buffer, 0, count);
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private Reply send(String method, URI start, long from) throws IOException, InterruptedException {
    URI uri = start;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      HttpResponse<InputStream> response =
          client.send(request(method, uri, from), HttpResponse.BodyHandlers.ofInputStream());
      Optional<String> location = location(response);
      if (location.isEmpty()) {
        return new Reply(response);
      }
      URI next = uri.resolve(location.get());
      if (method.equals("HEAD") && !sameServer(uri, next)) {
        return new Reply(response);
      }
      response.body().close();
      requireSafe(uri, next);
      uri = next;
    }
    throw new HubException("%s: more than %d redirects".formatted(start, MAX_REDIRECTS));
  }

  private HttpRequest request(String method, URI uri, long from) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(patience)
            .header("User-Agent", "retort");
    credentials
        .filter(known -> sameServer(known.server(), uri))
        .ifPresent(known -> request.header("Authorization", "Bearer " + known.token()));
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    return request.build();
  }

  private static Optional<String> location(HttpResponse<?> response) {
    return REDIRECTS.contains(response.statusCode())
        ? response.headers().firstValue("Location")
        : Optional.empty();
  }

  private static boolean sameServer(URI one, URI other) {
    return one.getScheme().equalsIgnoreCase(other.getScheme())
        && one.getAuthority().equalsIgnoreCase(other.getAuthority());
  }

  private static void requireSafe(URI from, URI to) throws HubException {
    boolean downgrade = from.getScheme().equals("https") && !"https".equals(to.getScheme());
    if (downgrade || to.getHost() == null) {
      throw new HubException(
          "%s redirects to %s, which is not a safe place to follow".formatted(from, to));
    }
  }
}
