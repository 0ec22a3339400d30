package dev.retort.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.chat.Rendered.Unmasked;
import dev.retort.chat.jinja.Span;
import dev.retort.chat.jinja.TemplateException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which part of a text the assistant wrote.
class CompletionMaskTest {

  private static final String TURNS = "several turns, answered, no system";

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "qwen2.5, <|im_end|>",
        "smollm2, <|im_end|>",
        "llama-3.2, <|eot_id|>",
        "gemma-2, <end_of_turn>",
        "mistral-nemo, </s>",
        "granite-3.3, <|end_of_text|>",
        "kimi-k2, <|im_end|>"
      })
  void everyTurnIsMaskedWithItsEndMarker(String model, String marker) {
    Rendered rendered = Goldens.template(model).render(Goldens.conversation(TURNS));

    assertThat(completions(rendered)).containsExactly("4" + marker, "6" + marker, "8" + marker);
    assertThat(rendered.unmasked()).isEmpty();
  }

  @Test
  void callsAreTheAssistantsAndResultsAreNot() {
    Rendered rendered =
        Goldens.template("qwen2.5").render(Goldens.conversation("tools, call, result, answer"));

    assertThat(completions(rendered))
        .containsExactly(
            """
            <tool_call>
            {"name": "get_weather", "arguments": {"place": "Paris", "unit": "celsius"}}
            </tool_call><|im_end|>\
            """,
            "21.5 °C and clear.<|im_end|>");
  }

  @Test
  void ofAThinkingModelOnlyTheLastTurnIsMasked() {
    Rendered rendered = Goldens.template("qwen3").render(Goldens.conversation("reasoning"));

    assertThat(completions(rendered))
        .containsExactly("<think>\n9 is 3 times 3.\n</think>\n\nNo.<|im_end|>");
    assertThat(rendered.unmasked())
        .containsExactly(new Unmasked(1, "the messages after it change how it is rendered"));
  }

  @Test
  void aTurnThatThePromptCannotLeadToIsNamed() {
    Rendered rendered =
        Goldens.template("deepseek-r1-distill").render(Goldens.conversation("one answer"));

    assertThat(rendered.completions()).isEmpty();
    assertThat(rendered.unmasked())
        .containsExactly(
            new Unmasked(1, "its rendering does not begin with the prompt that asks for it"));
  }

  @Test
  void aTurnBeforeWhichNothingCanBeRenderedIsNamed() {
    Rendered rendered = Goldens.template("llama-3.1").render(Goldens.conversation("answer first"));

    assertThat(rendered.unmasked())
        .extracting(Unmasked::reason)
        .containsExactly(
            "the conversation up to it cannot be rendered: list object has no element 0");
  }

  @Test
  void aTurnThatTheTemplateLeavesOutIsNamed() {
    ChatTemplate template =
        ChatTemplate.of("{% for m in messages if m.role == 'user' %}{{ m.content }}{% endfor %}");

    Rendered rendered =
        template.render(
            Conversation.of(Message.of("user", "Hi"), Message.of("assistant", "Hello")));

    assertThat(rendered.unmasked())
        .containsExactly(new Unmasked(1, "the template writes nothing for it"));
  }

  @Test
  void whereALineBreakIsTheOnlyMarkerItIsPartOfTheTurn() {
    ChatTemplate template =
        ChatTemplate.of(
            """
            {% for m in messages %}
            {{ m.role }}: {{ m.content }}
            {% endfor %}
            {% if add_generation_prompt %}
            assistant:{{ ' ' }}
            {%- endif %}
            """);

    Rendered rendered =
        template.render(
            Conversation.of(
                Message.of("user", "Hi"),
                Message.of("assistant", "Hello "),
                Message.of("user", "Bye")));

    assertThat(completions(rendered)).containsExactly("Hello \n");
  }

  @Test
  void aTokenAcrossTheBoundaryIsNoCompletion() {
    Rendered rendered = Goldens.template("qwen2.5").render(Goldens.conversation("one answer"));
    Span answer = rendered.completions().getFirst();

    assertThat(rendered.isCompletion(answer.start(), answer.end())).isTrue();
    assertThat(rendered.isCompletion(answer.start() - 1, answer.start() + 1)).isFalse();
    assertThat(rendered.isCompletion(answer.end(), answer.end() + 1)).isFalse();
  }

  /// In front of each masked turn stands the prompt that asks for it; inside stands its content.
  @TestFactory
  Stream<DynamicTest> allGoldenConversations() {
    return Goldens.cases()
        .filter(one -> one.error().isEmpty())
        .map(one -> DynamicTest.dynamicTest(one.model() + ": " + one.name(), () -> check(one)));
  }

  private static void check(Goldens.Case one) {
    Conversation conversation = one.conversation();
    ChatTemplate template = one.template();
    Rendered rendered;
    try {
      rendered = template.render(conversation);
    } catch (TemplateException e) {
      // Some templates write a conversation only with a generation prompt.
      assertThat(one.addGenerationPrompt()).as(e.getMessage()).isTrue();
      return;
    }
    assertThat(rendered.text()).isEqualTo(template.text(conversation, false));
    Set<Integer> unmasked =
        rendered.unmasked().stream().map(Unmasked::message).collect(Collectors.toSet());
    List<Integer> masked =
        IntStream.range(0, conversation.messages().size())
            .filter(i -> conversation.messages().get(i).role().equals("assistant"))
            .filter(i -> !unmasked.contains(i))
            .boxed()
            .toList();
    assertThat(rendered.completions()).hasSameSizeAs(masked);
    for (int i = 0; i < masked.size(); i++) {
      Span span = rendered.completions().get(i);
      int message = masked.get(i);
      assertThat(rendered.text().substring(0, span.start()))
          .isEqualTo(template.prompt(conversation.first(message)));
      assertThat(span.of(rendered.text())).contains(answer(conversation.messages().get(message)));
    }
  }

  /// What of a message every template writes: the content without thoughts and outer white space.
  /// Beside calls, some leave it out.
  private static String answer(Message message) {
    return message.fields().get("tool_calls").isPresent()
        ? ""
        : message.content().orElse("").replaceFirst("(?s).*</think>", "").strip();
  }

  private static List<String> completions(Rendered rendered) {
    return rendered.completions().stream().map(span -> span.of(rendered.text())).toList();
  }
}
