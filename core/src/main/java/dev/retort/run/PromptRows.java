package dev.retort.run;

import dev.retort.chat.ChatException;
import dev.retort.chat.Conversation;
import dev.retort.chat.Conversations;
import dev.retort.chat.Message;
import dev.retort.data.DataException;
import dev.retort.data.DataSettings;
import dev.retort.data.Example;
import dev.retort.data.Finding;
import dev.retort.data.Place;
import dev.retort.data.RowShape;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Finds the prompts in rows of data, and how rows look that answer them.
///
/// @param settings of the data
record PromptRows(DataSettings settings) {

  static final String ASSISTANT = "assistant";
  static final String USER = "user";

  /// A prompt of the data.
  ///
  /// @param conversation what was said until the teacher speaks; of a text, the text alone
  /// @param row the row of a data file that it is with a completion
  record Prompted(Conversation conversation, Function<String, ObjectNode> row) {}

  /// The prompt of a row: a text, or a conversation up to the assistant's last message.
  ///
  /// @throws DataException if the row is a conversation that cannot be continued
  Prompted of(Example example) {
    return settings.rows() == RowShape.CONVERSATIONS
        ? conversation(example)
        : new Prompted(
            Conversation.of(Message.of(USER, example.text())),
            completion ->
                JsonMapper.shared()
                    .createObjectNode()
                    .put(settings.text(), example.text())
                    .put(settings.pair().orElse("completion"), completion));
  }

  private static Prompted conversation(Example example) {
    try {
      Conversation prompt = begun(Conversations.read(JsonMapper.shared().readTree(example.text())));
      if (!prompt.tools().isEmpty()
          || prompt.messages().stream().anyMatch(message -> message.content().isEmpty())) {
        throw new DataException(
            List.of(
                error(
                    example.place(),
                    "calls tools or has other parts than text, which no teacher answers")));
      }
      return new Prompted(prompt, completion -> row(prompt, completion));
    } catch (ChatException e) {
      throw new DataException(error(example.place(), String.valueOf(e.getMessage())), e);
    }
  }

  static Finding error(Place place, String problem) {
    return new Finding(Finding.Severity.ERROR, Optional.of(place), problem);
  }

  private static Conversation begun(Conversation whole) {
    int last = whole.messages().size() - 1;
    return whole.messages().get(last).role().equals(ASSISTANT) ? whole.first(last) : whole;
  }

  private static ObjectNode row(Conversation prompt, String completion) {
    ObjectNode row = JsonMapper.shared().createObjectNode();
    ArrayNode messages = row.putArray("messages");
    Stream.concat(prompt.messages().stream(), Stream.of(Message.of(ASSISTANT, completion)))
        .forEach(message ->
            messages
                .addObject()
                .put("role", message.role())
                .put("content", message.content().orElseThrow()));
    return row;
  }
}
