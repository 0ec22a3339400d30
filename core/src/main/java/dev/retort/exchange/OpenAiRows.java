package dev.retort.exchange;

import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatTurn;
import dev.retort.data.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Rows that OpenAI writes and reads.
final class OpenAiRows {

  private OpenAiRows() {}

  static List<ExchangeRecord> chat(Place place, JsonNode row) {
    if (row.path("tools").size() > 0 || row.path("functions").size() > 0) {
      throw new RowException("has tools; only texts can be taken");
    }
    List<ChatTurn> turns = Turns.messages("messages", row.path("messages"));
    return List.of(new ExchangeRecord(turns, place, Optional.empty(), label(row), metadata(row)));
  }

  static List<ExchangeRecord> stored(Place place, JsonNode row) {
    JsonNode given = row.path("messages");
    if (given.isMissingNode()) {
      throw new RowException(
          "has no messages, since the list of stored completions leaves out what was asked; put what /chat/completions/%s/messages answers into a field 'messages'"
              .formatted(row.path("id").asString("ID")));
    }
    JsonNode messages = given.path("data").isArray() ? given.path("data") : given;
    return completion(place, row, question(Turns.messages("messages", messages), row), row);
  }

  /// @param inputs what was asked, by `custom_id`
  static List<ExchangeRecord> batch(Place place, JsonNode row, Map<String, JsonRows.Row> inputs) {
    String id = RowException.text(row, "custom_id");
    if (row.has("body")) {
      throw new RowException(
          "is the input of a batch, not its output; give both files, this one as the input");
    }
    JsonNode error = row.path("error");
    if (error.isObject()) {
      throw new RowException(
          "the request %s failed: %s"
              .formatted(id, error.path("message").asString(error.toString())));
    }
    JsonNode response = row.path("response");
    JsonNode body = response.path("body");
    int status = response.path("status_code").asInt(0);
    if (status != 200) {
      throw new RowException(
          "the request %s failed with status %d: %s"
              .formatted(
                  id, status, body.path("error").path("message").asString("no reason given")));
    }
    JsonRows.Row asked = inputs.get(id);
    if (asked == null) {
      throw new RowException(
          inputs.isEmpty()
              ? "the output of a batch lacks what was asked; give the input file of the batch too"
              : "no row of the input file has the custom_id '%s'".formatted(id));
    }
    return completion(
        place, body, Turns.messages("messages", asked.object().at("/body/messages")), row);
  }

  /// One record for each choice of a chat completion.
  private static List<ExchangeRecord> completion(
      Place place, JsonNode completion, List<ChatTurn> question, JsonNode row) {
    JsonNode choices = completion.path("choices");
    if (!choices.isArray() || choices.isEmpty()) {
      throw RowException.wrong("choices", "a list that is not empty", choices);
    }
    List<ExchangeRecord> records = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      JsonNode choice = choices.get(i);
      JsonNode message = choice.path("message");
      boolean refused = message.path("refusal").isString();
      List<ChatTurn> turns = new ArrayList<>(question);
      turns.add(
          refused
              ? ChatTurn.assistant(message.path("refusal").stringValue())
              : Turns.message("choices[%d].message".formatted(i), message));
      // What several choices cost together is counted with the first.
      Usage usage = i == 0 ? usage(completion.path("usage")) : Usage.NONE;
      Finish finish = refused ? Finish.REFUSED : finish(choice);
      Teacher teacher =
          new Teacher(
              RowException.text(completion, "model"),
              completion.path("id").asString(""),
              finish,
              usage,
              at(completion),
              i);
      records.add(
          new ExchangeRecord(turns, place, Optional.of(teacher), label(row), metadata(row)));
    }
    return records;
  }

  /// Some exports repeat the answer as the last message.
  private static List<ChatTurn> question(List<ChatTurn> turns, JsonNode completion) {
    boolean repeated =
        turns.size() > 1
            && turns.getLast().role() == ChatTurn.Role.ASSISTANT
            && turns
                .getLast()
                .text()
                .equals(completion.at("/choices/0/message/content").asString(""));
    return repeated ? turns.subList(0, turns.size() - 1) : turns;
  }

  private static Finish finish(JsonNode choice) {
    return switch (choice.path("finish_reason").asString("")) {
      case "stop" -> Finish.STOP;
      case "length" -> Finish.LENGTH;
      case "content_filter" -> Finish.FILTERED;
      default -> Finish.OTHER;
    };
  }

  private static Usage usage(JsonNode usage) {
    return new Usage(
        usage.path("prompt_tokens").asLong(0),
        usage.path("prompt_tokens_details").path("cached_tokens").asLong(0),
        usage.path("completion_tokens").asLong(0));
  }

  private static Optional<Instant> at(JsonNode completion) {
    JsonNode created = completion.path("created");
    return created.isIntegralNumber()
        ? Optional.of(Instant.ofEpochSecond(created.asLong()))
        : Optional.empty();
  }

  static Optional<String> label(JsonNode row) {
    return row.path("label").isString()
        ? Optional.of(row.path("label").stringValue())
        : Optional.empty();
  }

  private static Map<String, String> metadata(JsonNode row) {
    return texts(row.path("metadata"));
  }

  static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (field.getValue().isValueNode()) {
        texts.put(field.getKey(), field.getValue().asString());
      }
    }
    return texts;
  }
}
