package dev.retort.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;

/// A Hugging Face hub with one model, `acme/tiny`, whose large files live on a second server.
final class FakeHub implements AutoCloseable {

  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  static final Address.HuggingFace MODEL = new Address.HuggingFace("acme/tiny", "main");

  final MockWebServer hub = new MockWebServer();
  final MockWebServer storage = new MockWebServer();
  final Map<String, byte[]> files = new LinkedHashMap<>();
  final Map<String, Queue<MockResponse>> faults = new LinkedHashMap<>();
  final Map<String, String> etags = new LinkedHashMap<>();
  String commit = COMMIT;

  FakeHub() throws IOException {
    hub.setDispatcher(dispatcher(this::answer));
    storage.setDispatcher(dispatcher(this::store));
    hub.start();
    storage.start();
  }

  FakeHub with(String file, String content) {
    return with(file, content.getBytes(StandardCharsets.UTF_8));
  }

  FakeHub with(String file, byte[] content) {
    files.put(file, content);
    return this;
  }

  /// A model with everything that Retort reads and some files that it does not.
  FakeHub withModel() {
    return with("config.json", "{\"model_type\":\"bert\"}")
        .with("tokenizer.json", "{}")
        .with("modules.json", "[]")
        .with("1_Pooling/config.json", "{\"pooling_mode_mean_tokens\":true}")
        .with("README.md", "# Tiny")
        .with("pytorch_model.bin", "pickle")
        .with("onnx/model.onnx", "onnx")
        .with(ModelFiles.WEIGHTS, weights(100_000));
  }

  /// Answers the next requests whose path ends with `suffix` with these responses instead.
  void fail(String suffix, MockResponse... responses) {
    faults.computeIfAbsent(suffix, _ -> new ArrayDeque<>()).addAll(List.of(responses));
  }

  HubSettings settings(Path folder, String token, boolean offline) {
    return new HubSettings(
        new HubSettings.Folders(
            folder.resolve("hf"), folder.resolve("retort"), folder.resolve("m2")),
        uri(hub),
        Optional.of(token).filter(t -> !t.isEmpty()),
        URI.create(uri(hub) + "/maven2"),
        offline);
  }

  Hub client(Path folder) {
    return client(settings(folder, "", false));
  }

  Hub client(HubSettings settings) {
    return new Hub(settings, Duration.ofMillis(1), Duration.ofSeconds(20));
  }

  /// The requests that a server got since the last call, as `METHOD path`.
  static List<String> requests(MockWebServer server) throws InterruptedException {
    return recorded(server).stream().map(r -> r.getMethod() + " " + r.getTarget()).toList();
  }

  static List<RecordedRequest> recorded(MockWebServer server) throws InterruptedException {
    List<RecordedRequest> requests = new ArrayList<>();
    for (RecordedRequest request = server.takeRequest(0, TimeUnit.SECONDS);
        request != null;
        request = server.takeRequest(0, TimeUnit.SECONDS)) {
      requests.add(request);
    }
    return requests;
  }

  static URI uri(MockWebServer server) {
    return URI.create("http://localhost:" + server.getPort());
  }

  static byte[] weights(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    return bytes;
  }

  static String sha256(byte[] content) {
    return hex("SHA-256", content);
  }

  static String sha1(byte[] content) {
    return hex("SHA-1", content);
  }

  static String gitBlob(byte[] content) {
    byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] whole = Arrays.copyOf(head, head.length + content.length);
    System.arraycopy(content, 0, whole, head.length, content.length);
    return hex("SHA-1", whole);
  }

  static MockResponse status(int status, String... headers) {
    MockResponse.Builder response = new MockResponse.Builder().code(status);
    for (String header : headers) {
      response.addHeader(header);
    }
    return response.build();
  }

  static MockResponse content(byte[] bytes) {
    return new MockResponse.Builder().body(new Buffer().write(bytes)).build();
  }

  @Override
  public void close() {
    hub.close();
    storage.close();
  }

  private MockResponse answer(RecordedRequest request) {
    String path = request.getTarget();
    if (path.startsWith("/api/models/acme/tiny/revision/")) {
      String names =
          files.keySet().stream()
              .map("{\"rfilename\":\"%s\"}"::formatted)
              .collect(Collectors.joining(","));
      String json = "{\"sha\":\"%s\",\"siblings\":[%s]}".formatted(commit, names);
      return content(json.getBytes(StandardCharsets.UTF_8));
    }
    String prefix = path.startsWith("/maven2/") ? "/" : "/acme/tiny/resolve/" + commit + "/";
    String file = path.substring(Math.min(prefix.length(), path.length()));
    if (!path.startsWith(prefix) || !files.containsKey(file)) {
      return status(404, "X-Error-Code: EntryNotFound");
    }
    byte[] content = files.get(file);
    if (file.endsWith(".safetensors")) {
      return status(
          302,
          "Location: " + uri(storage) + "/blobs/" + file,
          "X-Linked-Etag: \"" + etags.getOrDefault(file, sha256(content)) + "\"",
          "X-Linked-Size: " + content.length);
    }
    return content(content)
        .newBuilder()
        .addHeader("ETag", "W/\"" + etags.getOrDefault(file, gitBlob(content)) + "\"")
        .build();
  }

  private MockResponse store(RecordedRequest request) {
    byte[] content =
        files.getOrDefault(request.getTarget().substring("/blobs/".length()), new byte[0]);
    String range = request.getHeaders().get("Range");
    if (range == null) {
      return content(content);
    }
    int from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    return content(Arrays.copyOfRange(content, from, content.length))
        .newBuilder()
        .code(206)
        .addHeader(
            "Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length))
        .build();
  }

  private Dispatcher dispatcher(Handler handler) {
    return new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        for (Map.Entry<String, Queue<MockResponse>> fault : faults.entrySet()) {
          if (request.getTarget().endsWith(fault.getKey()) && !fault.getValue().isEmpty()) {
            return fault.getValue().remove();
          }
        }
        MockResponse response = handler.handle(request);
        return request.getMethod().equals("HEAD") ? withoutBody(response) : response;
      }
    };
  }

  private static MockResponse withoutBody(MockResponse response) {
    String length = response.getHeaders().get("Content-Length");
    MockResponse.Builder head = response.newBuilder().body(new Buffer());
    return length == null ? head.build() : head.setHeader("Content-Length", length).build();
  }

  private interface Handler {
    MockResponse handle(RecordedRequest request);
  }

  private static String hex(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
