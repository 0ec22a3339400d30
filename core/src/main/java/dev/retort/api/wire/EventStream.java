package dev.retort.api.wire;

import dev.retort.api.ApiException;
import dev.retort.api.RetryableApiException;
import java.util.Optional;

/// The lines of one answer that comes as server-sent events, as the HTML standard writes them.
///
/// What is wrong is remembered until the whole answer is asked for, because lines arrive on a
/// thread that nobody waits for.
public final class EventStream {

  private static final String DATA = "data:";

  private final Wire wire;
  private final ErrorReader errors;
  private final EventFold fold;
  private final StringBuilder data = new StringBuilder();
  private Optional<ApiException> failure = Optional.empty();

  public EventStream(Wire wire, ErrorReader errors) {
    this.wire = wire;
    this.errors = errors;
    this.fold = wire.fold();
  }

  /// Takes the next line, without its end.
  public void line(String line) {
    if (line.isEmpty()) {
      endEvent();
    } else if (line.startsWith(DATA)) {
      // Names of events are repeated in their data; comments, ids and pauses say nothing here.
      if (!data.isEmpty()) {
        data.append('\n');
      }
      data.append(
          line, DATA.length() + (line.startsWith(" ", DATA.length()) ? 1 : 0), line.length());
    }
  }

  /// The answer, once there are no more lines.
  ///
  /// @throws ApiException if an event could not be read or said that something went wrong, or if
  ///   the stream was cut
  public Answer whole() {
    endEvent();
    failure.ifPresent(wrong -> {
      throw wrong;
    });
    if (!fold.isEnded()) {
      throw new RetryableApiException(
          "%s cut its stream of events before the end".formatted(wire.endpoint().name()),
          Optional.empty());
    }
    return Answer.of(wire.endpoint(), fold.whole());
  }

  private void endEvent() {
    if (data.isEmpty() || failure.isPresent()) {
      return;
    }
    String event = data.toString();
    data.setLength(0);
    if (event.equals(EventFold.DONE)) {
      fold.done();
      return;
    }
    try {
      Answer answer = Answer.parse(wire.endpoint(), event);
      errors.check(answer);
      fold.add(answer);
    } catch (ApiException wrong) {
      failure = Optional.of(wrong);
    }
  }
}
