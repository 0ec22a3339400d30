package dev.retort.exchange;

import dev.retort.api.ChatTurn;
import dev.retort.api.ChatTurn.Role;
import dev.retort.data.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A conversation, whatever system it comes from.
///
/// @param turns all of it; whether the last one is an answer is up to the source
/// @param place where it was read
/// @param teacher who gave the last answer, if the source says so
/// @param label what the conversation is labelled with
/// @param metadata what else the source keeps with it
public record ExchangeRecord(
    List<ChatTurn> turns,
    Place place,
    Optional<Teacher> teacher,
    Optional<String> label,
    Map<String, String> metadata) {

  public ExchangeRecord {
    turns = List.copyOf(turns);
    metadata = Map.copyOf(metadata);
    if (turns.isEmpty()) {
      throw new IllegalArgumentException("turns must not be empty");
    }
  }

  /// A conversation of which no more is known.
  public static ExchangeRecord of(List<ChatTurn> turns, Place place) {
    return new ExchangeRecord(turns, place, Optional.empty(), Optional.empty(), Map.of());
  }

  /// The last turn, if the model says it.
  public Optional<String> answer() {
    return Optional.of(turns.getLast())
        .filter(turn -> turn.role() == Role.ASSISTANT)
        .map(ChatTurn::text);
  }

  /// What was asked: all turns without the answer.
  public List<ChatTurn> question() {
    return answer().isPresent() ? turns.subList(0, turns.size() - 1) : turns;
  }
}
