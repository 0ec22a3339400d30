package dev.retort.chat;

import dev.retort.chat.Rendered.Unmasked;
import dev.retort.chat.jinja.Span;
import dev.retort.chat.jinja.TemplateException;
import java.util.ArrayList;
import java.util.List;

/// Finds what the assistant wrote by rendering a conversation up to each of its messages, without
/// and with the message.
final class CompletionMask {
  private static final String ASSISTANT = "assistant";

  private final ChatTemplate template;
  private final Conversation conversation;
  private final String text;
  private final List<Span> completions = new ArrayList<>();
  private final List<Unmasked> unmasked = new ArrayList<>();

  private CompletionMask(ChatTemplate template, Conversation conversation, String text) {
    this.template = template;
    this.conversation = conversation;
    this.text = text;
  }

  /// @param text the whole conversation, rendered without a generation prompt
  static Rendered of(ChatTemplate template, Conversation conversation, String text) {
    CompletionMask mask = new CompletionMask(template, conversation, text);
    for (int index = 0; index < conversation.messages().size(); index++) {
      if (conversation.messages().get(index).role().equals(ASSISTANT)) {
        mask.add(index);
      }
    }
    return new Rendered(text, mask.completions, mask.unmasked);
  }

  private void add(int index) {
    try {
      String prompt = template.prompt(conversation.first(index));
      String through = template.text(conversation.first(index + 1), false);
      if (!through.startsWith(prompt)) {
        refuse(index, "its rendering does not begin with the prompt that asks for it");
      } else if (!text.startsWith(through)) {
        refuse(index, "the messages after it change how it is rendered");
      } else {
        int end = prompt.length() + turn(index, through.substring(prompt.length())).length();
        add(index, new Span(prompt.length(), end));
      }
    } catch (TemplateException e) {
      refuse(index, "the conversation up to it cannot be rendered: " + e.reason());
    }
  }

  private void add(int index, Span span) {
    if (span.length() == 0) {
      refuse(index, "the template writes nothing for it");
    } else {
      completions.add(span);
    }
  }

  private void refuse(int index, String reason) {
    unmasked.add(new Unmasked(index, reason));
  }

  /// What a turn adds, without white space behind its end marker, which belongs to the next turn.
  /// If nothing but white space follows the content, that white space is the marker.
  private String turn(int index, String added) {
    String marked = added.stripTrailing();
    String content = conversation.messages().get(index).content().orElse("").strip();
    boolean unmarked = !content.isEmpty() && marked.endsWith(content);
    return unmarked ? added : marked;
  }
}
