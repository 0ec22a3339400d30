package dev.retort.chat;

import dev.retort.chat.jinja.Span;
import dev.retort.chat.jinja.Template;
import dev.retort.chat.jinja.TemplateException;
import dev.retort.chat.jinja.Value;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a model reads conversations: the `chat_template` of its tokenizer, rendered as transformers
/// 5.23 does. Immutable; any number of threads can use it.
///
/// What a message says is a value and never read as Jinja, whatever braces it holds.
public final class ChatTemplate {
  static final String DEFAULT = "default";
  private static final String FOR_TOOLS = "tool_use";
  private static final String REASONING = "reasoning_content";
  private static final List<String> REASONING_FIELDS = List.of(REASONING, "thinking", "reasoning");

  private final Map<String, Template> templates;
  private final Map<String, Value> variables;
  private final Clock clock;

  /// @param templates by name; at least one of them is `default` or the only one
  ChatTemplate(Map<String, Template> templates, Map<String, Value> variables, Clock clock) {
    this.templates = Map.copyOf(templates);
    this.variables = Map.copyOf(variables);
    this.clock = clock;
  }

  /// A template from its source, without special tokens.
  ///
  /// @throws TemplateException if the source is no Jinja, or uses what is not supported
  public static ChatTemplate of(String source) {
    return new ChatTemplate(
        Map.of(DEFAULT, Template.of(source)), Map.of(), Clock.system(ZoneId.systemDefault()));
  }

  /// The template of a model's folder, with its special tokens: `chat_template.jinja`, or else
  /// `chat_template` of `tokenizer_config.json`, or else `chat_template.json`. A model may have
  /// several; conversations with tools are rendered with the one called `tool_use`.
  ///
  /// @throws ChatException if there is none, or it cannot be read
  public static ChatTemplate ofFolder(Path folder) {
    return TemplateFiles.read(folder);
  }

  /// Whether a model's folder has a template, as [#ofFolder] looks for it.
  public static boolean isIn(Path folder) {
    return TemplateFiles.areIn(folder);
  }

  /// The same template with a further variable, such as `enable_thinking`.
  public ChatTemplate with(String variable, Value value) {
    Map<String, Value> more = new HashMap<>(variables);
    more.put(variable, value);
    return new ChatTemplate(templates, more, clock);
  }

  /// The same template with another clock: some write today's date.
  public ChatTemplate at(Clock other) {
    return new ChatTemplate(templates, variables, other);
  }

  /// The text that asks the model for its next message.
  ///
  /// @throws TemplateException if the template refuses the conversation or fails on it
  public String prompt(Conversation conversation) {
    return text(conversation, true);
  }

  /// The text of a conversation.
  ///
  /// @param addGenerationPrompt whether the assistant's next message is begun at the end
  /// @throws TemplateException if the template refuses the conversation or fails on it
  public String text(Conversation conversation, boolean addGenerationPrompt) {
    return write(conversation, addGenerationPrompt).text();
  }

  /// The text of a whole conversation, with the parts that the assistant wrote. Where the template
  /// has `{% generation %}` blocks, they are these parts. Otherwise a message's part is what its
  /// rendering adds to the prompt that comes before it; this holds only if the one begins with the
  /// other, and if what follows changes nothing of it.
  ///
  /// @throws TemplateException if the template refuses the conversation or fails on it
  public Rendered render(Conversation conversation) {
    Template.Rendering whole = write(conversation, false);
    return template(conversation).marksGenerated()
        ? new Rendered(whole.text(), spans(whole), List.of())
        : CompletionMask.of(this, conversation, whole.text());
  }

  private static List<Span> spans(Template.Rendering rendering) {
    return rendering.generated().stream().filter(span -> span.length() > 0).toList();
  }

  private Template.Rendering write(Conversation conversation, boolean addGenerationPrompt) {
    Map<String, Value> all = new HashMap<>();
    all.put("documents", Value.None.NONE);
    all.putAll(variables);
    all.put("messages", Value.of(messages(conversation)));
    all.put(
        "tools", conversation.tools().isEmpty() ? Value.None.NONE : Value.of(conversation.tools()));
    all.put("add_generation_prompt", Value.of(addGenerationPrompt));
    return template(conversation).render(all, clock);
  }

  private Template template(Conversation conversation) {
    Optional<Template> forTools =
        conversation.tools().isEmpty()
            ? Optional.empty()
            : Optional.ofNullable(templates.get(FOR_TOOLS));
    return forTools
        .or(() -> Optional.ofNullable(templates.get(DEFAULT)))
        .orElseThrow(() ->
            new ChatException(
                "none of the model's chat templates is called 'default'; they are "
                    + templates.keySet().stream().sorted().toList()));
  }

  private static List<Value> messages(Conversation conversation) {
    return conversation.messages().stream()
        .map(Message::fields)
        .<Value>map(ChatTemplate::withReasoning)
        .toList();
  }

  /// What the assistant thought has several names in data and templates; transformers gives it all.
  private static Value.Dict withReasoning(Value.Dict fields) {
    return REASONING_FIELDS.stream()
        .flatMap(name -> fields.get(name).stream())
        .filter(value -> value != Value.None.NONE)
        .findFirst()
        .map(reasoning -> {
          Value.Dict named = fields.with(REASONING, reasoning);
          return fields.get("thinking").isPresent() ? named : named.with("thinking", reasoning);
        })
        .orElse(fields);
  }
}
