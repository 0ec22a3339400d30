package dev.retort.run;

import dev.retort.chat.ChatException;
import dev.retort.chat.ChatTemplate;
import dev.retort.chat.Conversation;
import dev.retort.chat.Conversations;
import dev.retort.chat.Message;
import dev.retort.chat.jinja.TemplateException;
import dev.retort.data.DataException;
import dev.retort.data.DataSettings;
import dev.retort.data.Example;
import dev.retort.data.Finding;
import dev.retort.data.Place;
import dev.retort.data.RowShape;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.runtime.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Finds the prompts in rows of data, and how rows look that answer them.
///
/// @param model who is asked
/// @param tokenizer of the model
/// @param settings of the data
record AskedPrompts(PretrainedDecoder model, Tokenizer tokenizer, DataSettings settings) {

  private static final String ASSISTANT = "assistant";

  /// The prompt of a row: a text, or a conversation up to the assistant's last message.
  ///
  /// @throws DataException if the row is a conversation that cannot be continued
  AskedPrompt of(Example example) {
    return settings.rows() == RowShape.CONVERSATIONS
        ? conversation(example)
        : new AskedPrompt(
            tokenizer.encode(example.text(), Integer.MAX_VALUE).ids(),
            completion ->
                JsonMapper.shared()
                    .createObjectNode()
                    .put(settings.text(), example.text())
                    .put(settings.pair().orElse("completion"), completion));
  }

  private AskedPrompt conversation(Example example) {
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
      int[] ids = tokenizer.encodeSpelt(ChatTemplate.ofFolder(model.folder()).prompt(prompt)).ids();
      return new AskedPrompt(ids, completion -> row(prompt, completion));
    } catch (ChatException | TemplateException e) {
      throw new DataException(error(example.place(), String.valueOf(e.getMessage())), e);
    }
  }

  private static Finding error(Place place, String problem) {
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

  /// The tokens that end an answer: those that end the model's texts, and the mark that its chat
  /// template puts behind a turn.
  Set<Integer> stopIds() {
    Set<Integer> stops = new TreeSet<>(model.endIds());
    if (settings.rows() == RowShape.CONVERSATIONS) {
      Message question = Message.of("user", "x");
      ChatTemplate template = ChatTemplate.ofFolder(model.folder());
      String prompt = template.prompt(Conversation.of(question));
      String whole = template.text(Conversation.of(question, Message.of(ASSISTANT, "x")), false);
      if (whole.startsWith(prompt)) {
        Arrays.stream(tokenizer.encodeSpelt(whole.substring(prompt.length())).ids())
            .filter(id -> tokenizer.specialIds().contains(id))
            .limit(1)
            .forEach(stops::add);
      }
    }
    return stops;
  }
}
