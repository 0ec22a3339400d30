package dev.retort.exchange;

import dev.retort.api.ChatTurn;
import dev.retort.api.ChatTurn.Role;
import dev.retort.data.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Rows in the formats that open data sets have in common.
final class CommonRows {

  private static final JsonMapper MAPPER = JsonMapper.shared();

  private CommonRows() {}

  static List<ExchangeRecord> shareGpt(Place place, JsonNode row) {
    JsonNode said = row.path("conversations");
    if (!said.isArray() || said.isEmpty()) {
      throw RowException.wrong("conversations", "a list that is not empty", said);
    }
    if (row.path("tools").size() > 0) {
      throw new RowException("has tools; only texts can be taken");
    }
    List<ChatTurn> turns = new ArrayList<>(Turns.system(row.path("system")));
    for (int i = 0; i < said.size(); i++) {
      String at = "conversations[%d]".formatted(i);
      JsonNode from = said.get(i).path("from");
      JsonNode value = said.get(i).path("value");
      if (!value.isString()) {
        throw RowException.wrong(at + ".value", "a text", value);
      }
      turns.add(
          new ChatTurn(Turns.role(at + ".from", from, from.asString("")), value.stringValue()));
    }
    return one(turns, place, row);
  }

  static ObjectNode shareGpt(List<ChatTurn> turns) {
    ObjectNode row = MAPPER.createObjectNode();
    ArrayNode said = row.putArray("conversations");
    for (ChatTurn turn : turns) {
      String from =
          switch (turn.role()) {
            case SYSTEM -> "system";
            case USER -> "human";
            case ASSISTANT -> "gpt";
          };
      said.addObject().put("from", from).put("value", turn.text());
    }
    return row;
  }

  static List<ExchangeRecord> alpaca(Place place, JsonNode row) {
    List<ChatTurn> turns = new ArrayList<>(Turns.system(row.path("system")));
    JsonNode history = row.path("history");
    for (int i = 0; i < history.size(); i++) {
      JsonNode pair = history.get(i);
      if (pair.size() != 2 || !pair.path(0).isString() || !pair.path(1).isString()) {
        throw RowException.wrong("history[%d]".formatted(i), "a list of two texts", pair);
      }
      turns.add(ChatTurn.user(pair.get(0).stringValue()));
      turns.add(ChatTurn.assistant(pair.get(1).stringValue()));
    }
    String instruction = RowException.text(row, "instruction");
    JsonNode input = row.path("input");
    String more = input.isMissingNode() || input.isNull() ? "" : RowException.text(row, "input");
    turns.add(ChatTurn.user(more.isBlank() ? instruction : instruction + "\n\n" + more));
    turns.add(ChatTurn.assistant(RowException.text(row, "output")));
    return one(turns, place, row);
  }

  /// @param turns a question, an answer, and so on, after instructions
  static ObjectNode alpaca(List<ChatTurn> turns) {
    List<ChatTurn> said = turns.stream().filter(turn -> turn.role() != Role.SYSTEM).toList();
    int last = said.size() - 2;
    ObjectNode row =
        MAPPER
            .createObjectNode()
            .put("instruction", said.get(last).text())
            .put("input", "")
            .put("output", said.get(last + 1).text());
    if (said.size() < turns.size()) {
      row.put("system", turns.getFirst().text());
    }
    if (last > 0) {
      ArrayNode history = row.putArray("history");
      for (int i = 0; i < last; i += 2) {
        history.addArray().add(said.get(i).text()).add(said.get(i + 1).text());
      }
    }
    return row;
  }

  private static List<ExchangeRecord> one(List<ChatTurn> turns, Place place, JsonNode row) {
    return List.of(
        new ExchangeRecord(
            turns,
            place,
            Optional.empty(),
            OpenAiRows.label(row),
            OpenAiRows.texts(row.path("metadata"))));
  }
}
