package dev.retort.data;

import dev.retort.chat.ChatException;
import dev.retort.chat.ChatTemplate;
import dev.retort.chat.Conversation;
import dev.retort.chat.Conversations;
import dev.retort.chat.Rendered;
import dev.retort.chat.jinja.TemplateException;
import dev.retort.runtime.Encoding;
import dev.retort.runtime.SpannedTokens;
import dev.retort.runtime.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Turns conversations into tokens as a model's chat template writes them out. What the assistant
/// says is learnt, with the mark that ends its turn; [Encoding#typeIds] are 1 there.
///
/// Which tokens these are follows from the template and from where in the text a token stands,
/// never from token ids: a user who writes `<|im_end|>` changes nothing.
public final class ConversationEncoder implements TextEncoder {

  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final int maxLength;
  private final Function<JsonNode, Conversation> reader;
  private final Map<String, LongAdder> unlearnt = new ConcurrentSkipListMap<>();

  /// @param maxLength tokens of a conversation at most; more are cut off at the end
  public ConversationEncoder(Tokenizer tokenizer, ChatTemplate template, int maxLength) {
    this(tokenizer, template, maxLength, Conversations::read);
  }

  /// @param reader finds the conversation in a row
  ConversationEncoder(
      Tokenizer tokenizer,
      ChatTemplate template,
      int maxLength,
      Function<JsonNode, Conversation> reader) {
    this.reader = reader;
    this.tokenizer = tokenizer;
    this.template = template;
    this.maxLength = maxLength;
  }

  /// @throws DataException if the row is no conversation, or the template refuses it
  @Override
  public Encoding encode(Example example) {
    Rendered rendered = rendered(example);
    rendered
        .unmasked()
        .forEach(turn -> unlearnt.computeIfAbsent(turn.reason(), _ -> new LongAdder()).increment());
    SpannedTokens tokens = tokenizer.encodeSpelt(rendered.text());
    int length = Math.min(tokens.ids().length, maxLength);
    int[] learnt = new int[length];
    for (int token = 1; token < length; token++) {
      learnt[token] = rendered.isCompletion(tokens.starts()[token], tokens.ends()[token]) ? 1 : 0;
    }
    return new Encoding(
        Arrays.copyOf(tokens.ids(), length), learnt, tokens.ids().length > maxLength);
  }

  private Rendered rendered(Example example) {
    try {
      return template.render(reader.apply(JsonMapper.shared().readTree(example.text())));
    } catch (ChatException | TemplateException e) {
      throw new DataException(Finding.error(example.place(), String.valueOf(e.getMessage())), e);
    }
  }

  /// Which turns of the assistant could not be learnt so far, by reason.
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    unlearnt.forEach((reason, turns) ->
        findings.add(
            Finding.of(
                Finding.Severity.WARNING,
                "%d turns of the assistant are not learnt: %s".formatted(turns.sum(), reason))));
    return findings;
  }
}
