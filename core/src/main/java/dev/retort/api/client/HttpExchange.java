package dev.retort.api.client;

import dev.retort.api.wire.Answer;
import dev.retort.api.wire.ErrorReader;
import dev.retort.api.wire.EventStream;
import dev.retort.api.wire.Wire;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// Posts requests of one wire and reads what comes back, in one piece or as events.
final class HttpExchange implements AutoCloseable {

  private static final int SUCCESS = 2;

  private final Wire wire;
  private final HttpTransport transport;
  private final ErrorReader errors;

  HttpExchange(Wire wire, HttpTransport transport, InstantSource clock) {
    this.wire = wire;
    this.transport = transport;
    this.errors = new ErrorReader(wire.endpoint(), clock);
  }

  /// Posts a request and returns the whole answer, whether or not it came in pieces.
  Answer post(ObjectNode body) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(wire.endpoint().uri())
            .header("Content-Type", "application/json")
            .header("User-Agent", "retort")
            .POST(BodyPublishers.ofString(body.toString()));
    wire.headers().forEach(request::header);
    HttpResponse<Supplier<Answer>> response = transport.send(request.build(), this::subscriber);
    return response.body().get();
  }

  /// What the body becomes; read by the thread that asked, which is the one to throw at.
  private BodySubscriber<Supplier<Answer>> subscriber(ResponseInfo head) {
    if (head.statusCode() / 100 == SUCCESS && isEventStream(head)) {
      LineSubscriber lines = new LineSubscriber(new EventStream(wire, errors));
      return BodySubscribers.fromLineSubscriber(
          lines, LineSubscriber::answer, StandardCharsets.UTF_8, null);
    }
    return BodySubscribers.mapping(
        BodySubscribers.ofString(StandardCharsets.UTF_8), text -> () -> read(head, text));
  }

  private Answer read(ResponseInfo head, String text) {
    if (head.statusCode() / 100 != SUCCESS) {
      throw errors.refusal(head.statusCode(), name -> head.headers().firstValue(name), text);
    }
    Answer answer = Answer.parse(wire.endpoint(), text);
    errors.check(answer);
    return answer;
  }

  private static boolean isEventStream(ResponseInfo head) {
    Optional<String> type = head.headers().firstValue("Content-Type");
    return type.filter(value -> value.startsWith("text/event-stream")).isPresent();
  }

  @Override
  public void close() {
    transport.close();
  }
}
