package dev.retort.run;

import dev.retort.chat.ChatException;
import dev.retort.chat.ChatTemplate;
import dev.retort.chat.Conversation;
import dev.retort.chat.Message;
import dev.retort.chat.jinja.TemplateException;
import dev.retort.data.DataException;
import dev.retort.data.DataSettings;
import dev.retort.data.Example;
import dev.retort.data.RowShape;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.runtime.Tokenizer;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/// Reads the prompts in rows of data as a local teacher does.
///
/// @param model who is asked
/// @param tokenizer of the model
/// @param settings of the data
record AskedPrompts(PretrainedDecoder model, Tokenizer tokenizer, DataSettings settings) {

  /// The prompt of a row: a text, or a conversation up to the assistant's last message.
  ///
  /// @throws DataException if the row is a conversation that cannot be continued
  AskedPrompt of(Example example) {
    PromptRows.Prompted prompted = new PromptRows(settings).of(example);
    return new AskedPrompt(ids(example, prompted.conversation()), prompted.row());
  }

  private int[] ids(Example example, Conversation prompt) {
    if (settings.rows() != RowShape.CONVERSATIONS) {
      return tokenizer.encode(example.text(), Integer.MAX_VALUE).ids();
    }
    try {
      return tokenizer.encodeSpelt(ChatTemplate.ofFolder(model.folder()).prompt(prompt)).ids();
    } catch (ChatException | TemplateException e) {
      throw new DataException(PromptRows.error(example.place(), String.valueOf(e.getMessage())), e);
    }
  }

  /// The tokens that end an answer: those that end the model's texts, and the mark that its chat
  /// template puts behind a turn.
  Set<Integer> stopIds() {
    Set<Integer> stops = new TreeSet<>(model.endIds());
    if (settings.rows() == RowShape.CONVERSATIONS) {
      Message question = Message.of(PromptRows.USER, "x");
      ChatTemplate template = ChatTemplate.ofFolder(model.folder());
      String prompt = template.prompt(Conversation.of(question));
      String whole =
          template.text(Conversation.of(question, Message.of(PromptRows.ASSISTANT, "x")), false);
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
