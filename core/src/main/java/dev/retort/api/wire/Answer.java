package dev.retort.api.wire;

import dev.retort.api.RetryableApiException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A place in the JSON of an answer. What is not as it should be is reported with its path; as
/// servers do answer rightly most of the time, such an answer is worth another attempt.
///
/// @param endpoint who answered
/// @param parent what this is in; empty at the top
/// @param step from the parent to here: a name, or an index in brackets
/// @param json what is there
public record Answer(Endpoint endpoint, Optional<Answer> parent, String step, JsonNode json) {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int SHOWN = 60;

  /// Reads a whole answer.
  ///
  /// @throws RetryableApiException if it is no JSON object
  public static Answer parse(Endpoint endpoint, String text) {
    try {
      Answer answer = of(endpoint, JSON.readTree(text));
      return answer.require(answer.json().isObject(), "a JSON object");
    } catch (JacksonException e) {
      throw new RetryableApiException(
          "%s sent an answer that is not JSON, or that was cut: %s"
              .formatted(endpoint.name(), endpoint.withoutKey(e.getOriginalMessage())),
          e);
    }
  }

  static Answer of(Endpoint endpoint, JsonNode json) {
    return new Answer(endpoint, Optional.empty(), "", json);
  }

  /// What is under `name`; it may be missing until it is read.
  Answer at(String name) {
    return new Answer(endpoint, Optional.of(this), name, json.path(name));
  }

  /// What is at `index`; it may be missing until it is read.
  Answer at(int index) {
    return new Answer(endpoint, Optional.of(this), "[" + index + "]", json.path(index));
  }

  /// Whether there is something, null excluded.
  boolean isThere() {
    return !json.isMissingNode() && !json.isNull();
  }

  /// This place, if there is something.
  Optional<Answer> ifThere() {
    return isThere() ? Optional.of(this) : Optional.empty();
  }

  String text() {
    return require(json.isString(), "a text").json().stringValue();
  }

  /// A text, or the empty one where there is none.
  String textOrEmpty() {
    return isThere() ? text() : "";
  }

  /// A count of at least 0; 0 where there is none.
  long count() {
    if (!isThere()) {
      return 0;
    }
    boolean whole = json.isIntegralNumber() && json.canConvertToLong();
    return require(whole && json.longValue() >= 0, "a count").json().longValue();
  }

  double number() {
    return require(json.isNumber(), "a number").json().doubleValue();
  }

  List<Answer> items() {
    require(json.isArray(), "a list");
    return IntStream.range(0, json.size()).mapToObj(this::at).toList();
  }

  /// The properties of an object, in their order.
  Stream<Answer> properties() {
    require(json.isObject(), "an object");
    return json.properties().stream().map(property -> at(property.getKey()));
  }

  /// Where this is in the answer, such as `choices[0].message`; empty at the top.
  String path() {
    String before = parent.map(Answer::path).orElse("");
    return before.isEmpty() || step.startsWith("[") ? before + step : before + "." + step;
  }

  /// This place.
  ///
  /// @throws RetryableApiException unless `holds`
  Answer require(boolean holds, String expected) {
    if (!holds) {
      throw wrong(expected);
    }
    return this;
  }

  /// Says that something else was expected here.
  RetryableApiException wrong(String expected) {
    String found = json.isMissingNode() ? "missing" : shortened(json.toString());
    return new RetryableApiException(
        "%s sent an answer whose %s is %s, not %s"
            .formatted(
                endpoint.name(),
                parent.isEmpty() ? "body" : path(),
                endpoint.withoutKey(found),
                expected),
        Optional.empty());
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
