package dev.retort.api.fake;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A local server that speaks OpenAI's, Azure's, Anthropic's and Bedrock's APIs, answers the same
/// to the same question, goes wrong where it is told to, and counts.
public final class FakeApi implements AutoCloseable {

  /// The only key that it accepts.
  public static final String KEY = "sk-fake-0123456789";

  public static final String AWS_KEY_ID = "AKIDFAKE";
  public static final int RETRY_AFTER_SECONDS = 7;

  private static final List<FakeWire> WIRES =
      List.of(new FakeChat(), new FakeCompletions(), new FakeAnthropic(), new FakeBedrock());
  private static final int PIECE = 64;

  private final MockWebServer server = new MockWebServer();
  private final Faults faults;
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> answered = new ConcurrentHashMap<>();
  private final AtomicInteger faulted = new AtomicInteger();
  private final Queue<JsonNode> bodies = new ConcurrentLinkedQueue<>();

  public FakeApi(Faults faults) throws IOException {
    this.faults = faults;
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
            server.takeRequest(0, TimeUnit.SECONDS); // else the server keeps all of them
            return answer(request);
          }
        });
    server.start();
  }

  public URI uri() {
    return URI.create("http://localhost:" + server.getPort());
  }

  /// How often each question was answered well.
  public Map<String, Integer> answered() {
    Map<String, Integer> counts = new ConcurrentHashMap<>();
    answered.forEach((question, count) -> counts.put(question, count.get()));
    return counts;
  }

  /// How many requests went wrong.
  public int faulted() {
    return faulted.get();
  }

  /// The bodies of requests, up to a hundred.
  public List<JsonNode> bodies() {
    return List.copyOf(bodies);
  }

  private MockResponse answer(RecordedRequest request) {
    String path = request.getTarget();
    Optional<FakeWire> wire = WIRES.stream().filter(each -> each.serves(path)).findFirst();
    if (wire.isEmpty() || request.getBody() == null) {
      return new MockResponse.Builder().code(404).body("<html>no such page</html>").build();
    }
    JsonNode body = JsonMapper.shared().readTree(request.getBody().utf8());
    if (bodies.size() < 100) {
      bodies.add(body);
    }
    FakeQuestion question = wire.get().read(path, body);
    int before = count(asked, question.text()).getAndIncrement();
    Optional<Fault> fault =
        wire.get().admits(request)
            ? faults.next(question.text(), before)
            : Optional.of(Fault.BAD_KEY);
    (fault.isPresent() ? faulted : count(answered, question.text())).incrementAndGet();
    return fault
        .filter(Fault::isError)
        .map(kind -> error(wire.get(), kind))
        .orElseGet(() -> answer(wire.get(), question, fault));
  }

  private static MockResponse error(FakeWire wire, Fault fault) {
    FakeWire.FakeError error = wire.error(fault);
    MockResponse.Builder response = json().code(error.status()).body(error.body().toString());
    error.type().ifPresent(type -> response.addHeader("x-amzn-ErrorType", type));
    if (fault == Fault.RATE_LIMIT) {
      response.addHeader("Retry-After", RETRY_AFTER_SECONDS);
    }
    return response.build();
  }

  private static MockResponse answer(FakeWire wire, FakeQuestion question, Optional<Fault> fault) {
    FakeReply reply = FakeReply.to(question, fault);
    MockResponse.Builder response =
        question.streaming()
            ? new MockResponse.Builder()
                .addHeader("Content-Type", "text/event-stream")
                .chunkedBody(stream(wire, wire.events(question, reply), fault), PIECE)
            : json().body(whole(wire.whole(question, reply).toString(), fault));
    response.addHeader("x-amzn-RequestId", FakeOpenAi.ID);
    switch (fault.orElse(Fault.REFUSAL)) {
      case HANG -> response.onResponseStart(SocketEffect.Stall.INSTANCE);
      case HANG_IN_BODY -> response.onResponseBody(SocketEffect.Stall.INSTANCE);
      case CUT -> response.onResponseBody(new SocketEffect.CloseSocket());
      default -> {}
    }
    return response.build();
  }

  private static String whole(String json, Optional<Fault> fault) {
    return fault.equals(Optional.of(Fault.MALFORMED_JSON))
        ? json.substring(0, json.length() / 2)
        : json;
  }

  private static String stream(FakeWire wire, List<String> events, Optional<Fault> fault) {
    StringBuilder stream = new StringBuilder(": a comment\n\n");
    int half = events.size() / 2;
    boolean broken =
        fault.equals(Optional.of(Fault.SHORT_STREAM))
            || fault.equals(Optional.of(Fault.ERROR_IN_STREAM));
    for (String data : broken ? events.subList(0, half) : events) {
      wire.eventName(data).ifPresent(name -> stream.append("event: ").append(name).append('\n'));
      stream.append("data: ").append(data).append("\n\n");
    }
    if (fault.equals(Optional.of(Fault.ERROR_IN_STREAM))) {
      stream.append("event: error\ndata: ").append(wire.error(Fault.OVERLOADED).body());
      stream.append("\n\n");
    }
    return fault.equals(Optional.of(Fault.MALFORMED_JSON))
        ? stream.toString().replaceFirst("\\}\n", "\n")
        : stream.toString();
  }

  private static MockResponse.Builder json() {
    return new MockResponse.Builder().addHeader("Content-Type", "application/json");
  }

  private static AtomicInteger count(Map<String, AtomicInteger> counts, String question) {
    return counts.computeIfAbsent(question, _ -> new AtomicInteger());
  }

  @Override
  public void close() {
    server.close();
  }
}
