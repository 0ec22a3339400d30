package dev.retort.api.fake;

import java.util.List;
import java.util.Optional;
import mockwebserver3.RecordedRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An API as a fake server speaks it, written from its documentation and not from Retort's client.
sealed interface FakeWire permits FakeChat, FakeCompletions, FakeAnthropic, FakeBedrock {

  /// Whether a path is this API's.
  boolean serves(String path);

  /// Whether the request shows the right key.
  boolean admits(RecordedRequest request);

  FakeQuestion read(String path, JsonNode body);

  /// The answer in one piece.
  ObjectNode whole(FakeQuestion question, FakeReply reply);

  /// The answer as the data of server-sent events.
  List<String> events(FakeQuestion question, FakeReply reply);

  /// What an event of a stream is called; empty where events have no names.
  Optional<String> eventName(String data);

  FakeError error(Fault fault);

  /// What is said instead of an answer.
  ///
  /// @param status HTTP status
  /// @param body what is said
  /// @param type Amazon's header with the kind of error
  record FakeError(int status, ObjectNode body, Optional<String> type) {}
}
