package dev.retort.data;

import dev.retort.chat.ChatException;
import dev.retort.chat.ChatTemplate;
import dev.retort.chat.Conversations;
import dev.retort.chat.Message;
import dev.retort.runtime.Tokenizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.json.JsonMapper;

/// One of the two answers in a row of preferences.
public enum Answer {
  /// The preferred one.
  CHOSEN,
  /// The other.
  REJECTED;

  /// How these answers become tokens under a chat template.
  public TextEncoder under(ChatTemplate template, Tokenizer tokenizer, int maxLength) {
    return new ConversationEncoder(
        tokenizer, template, maxLength, row -> Conversations.answer(row, field()));
  }

  /// How these answers become tokens of a model without a chat template: prompt and answer, one
  /// after the other.
  public TextEncoder plain(Tokenizer tokenizer, int maxLength, OptionalInt endId) {
    CompletionEncoder encoder = new CompletionEncoder(tokenizer, maxLength, endId);
    return row -> encoder.encode(completion(row));
  }

  private Example completion(Example row) {
    try {
      List<Optional<String>> texts =
          Conversations.answer(JsonMapper.shared().readTree(row.text()), field())
              .messages()
              .stream()
              .map(Message::content)
              .toList();
      if (texts.size() != 2 || texts.contains(Optional.<String>empty())) {
        throw new DataException(
            List.of(
                Finding.error(
                    row.place(),
                    "has %d messages; a model without a chat template reads one text as `prompt` and one as `%s`"
                        .formatted(texts.size(), field()))));
      }
      return new Example(
          texts.getFirst().orElseThrow(), texts.getLast(), Example.UNLABELLED, row.place());
    } catch (ChatException e) {
      throw new DataException(Finding.error(row.place(), String.valueOf(e.getMessage())), e);
    }
  }

  private String field() {
    return name().toLowerCase(Locale.ROOT);
  }
}
