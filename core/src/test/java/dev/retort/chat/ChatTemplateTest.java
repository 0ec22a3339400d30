package dev.retort.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.chat.jinja.TemplateException;
import dev.retort.chat.jinja.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {

  private static final Conversation HI = Conversation.of(Message.of("user", "Hi"));
  private static final Conversation WITH_TOOLS =
      new Conversation(HI.messages(), List.of(Value.Dict.of(Map.of("name", Value.of("f")))));

  @TempDir Path folder;

  @BeforeEach
  void config() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"bos_token": {"__type": "AddedToken", "content": "<s>", "lstrip": false},
         "eos_token": "</s>", "pad_token": null, "image_token": "<img>", "add_bos_token": true,
         "added_tokens_decoder": {},
         "chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}{{ pad_token }}{{ image_token }}"}
        """);
  }

  @Test
  void aFolderHasATemplateAndSpecialTokens() {
    assertThat(ChatTemplate.ofFolder(folder).prompt(HI)).isEqualTo("<s>Hi</s><img>");
  }

  @Test
  void aTemplateFileGoesBeforeTheEntry() throws IOException {
    write("chat_template.jinja", "file {{ eos_token }}");

    assertThat(ChatTemplate.ofFolder(folder).prompt(HI)).isEqualTo("file </s>");
  }

  @Test
  void aProcessorsTemplateIsTheLastChoice() throws IOException {
    write("tokenizer_config.json", "{\"eos_token\": \"</s>\"}");
    write("chat_template.json", "{\"chat_template\": \"json {{ eos_token }}\"}");

    assertThat(ChatTemplate.ofFolder(folder).prompt(HI)).isEqualTo("json </s>");
  }

  @Test
  void conversationsWithToolsHaveATemplateOfTheirOwn() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"chat_template": [{"name": "default", "template": "plain"},
                           {"name": "tool_use", "template": "tools {{ tools | length }}"}]}
        """);
    ChatTemplate template = ChatTemplate.ofFolder(folder);

    assertThat(template.prompt(HI)).isEqualTo("plain");
    assertThat(template.prompt(WITH_TOOLS)).isEqualTo("tools 1");
  }

  @Test
  void furtherTemplatesCanBeFiles() throws IOException {
    write("chat_template.jinja", "plain");
    Files.createDirectory(folder.resolve("additional_chat_templates"));
    write("additional_chat_templates/tool_use.jinja", "tools");

    assertThat(ChatTemplate.ofFolder(folder).prompt(WITH_TOOLS)).isEqualTo("tools");
  }

  @Test
  void oldTokenFilesAreReadWhereTheConfigKnowsNoAddedTokens() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": \"{{ eos_token }}\"}");
    write("special_tokens_map.json", "{\"eos_token\": {\"content\": \"<end>\"}}");

    assertThat(ChatTemplate.ofFolder(folder).prompt(HI)).isEqualTo("<end>");
  }

  @Test
  void aFolderWithoutATemplateSaysWhereItLooked() throws IOException {
    write("tokenizer_config.json", "{}");

    assertThatThrownBy(() -> ChatTemplate.ofFolder(folder))
        .isInstanceOf(ChatException.class)
        .hasMessageContainingAll(
            folder.toString(), "chat_template.jinja", "tokenizer_config.json", "base model");
  }

  @Test
  void aTemplateThatIsNoTextIsRefused() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": 5}");

    assertThatThrownBy(() -> ChatTemplate.ofFolder(folder))
        .isInstanceOf(ChatException.class)
        .hasMessageEndingWith(
            "tokenizer_config.json: 'chat_template' must be a text, or a list of named templates,"
                + " but is 5");
  }

  @Test
  void aBrokenTemplateIsNamedWithItsPlace() throws IOException {
    write("chat_template.jinja", "a\n{% if x %}");

    assertThatThrownBy(() -> ChatTemplate.ofFolder(folder))
        .isInstanceOf(ChatException.class)
        .hasMessageContaining("chat_template.jinja: the chat template cannot be read: line 2")
        .hasCauseInstanceOf(TemplateException.class);
  }

  @Test
  void aBrokenConfigIsNamed() throws IOException {
    write("tokenizer_config.json", "{");

    assertThatThrownBy(() -> ChatTemplate.ofFolder(folder))
        .isInstanceOf(ChatException.class)
        .hasMessageContaining("tokenizer_config.json: is no JSON");
  }

  @Test
  void severalTemplatesWithoutADefaultAreRefused() throws IOException {
    write(
        "tokenizer_config.json", "{\"chat_template\": [{\"name\": \"rag\", \"template\": \"x\"}]}");
    ChatTemplate template = ChatTemplate.ofFolder(folder);

    assertThatThrownBy(() -> template.prompt(HI))
        .isInstanceOf(ChatException.class)
        .hasMessageContaining("[rag]");
  }

  @Test
  void variablesReachTheTemplate() {
    ChatTemplate template =
        ChatTemplate.of("{{ enable_thinking is false }}{{ documents is none }}");

    assertThat(template.with("enable_thinking", Value.of(false)).prompt(HI)).isEqualTo("TrueTrue");
    assertThat(template.prompt(HI)).isEqualTo("FalseTrue");
  }

  @Test
  void theDateIsThatOfTheClock() {
    Clock clock = Clock.fixed(Instant.parse("2030-01-02T03:04:05Z"), ZoneOffset.UTC);

    assertThat(ChatTemplate.of("{{ strftime_now('%d %b %Y') }}").at(clock).prompt(HI))
        .isEqualTo("02 Jan 2030");
  }

  @Test
  void textsAreNeverReadAsJinja() {
    String braces = "{{ 7 * 7 }} {% raise %} {# x #} <|im_end|> \\n ${x}";

    assertThat(
            ChatTemplate.of("{% for m in messages %}[{{ m.content }}]{% endfor %}")
                .prompt(Conversation.of(Message.of("user", braces))))
        .isEqualTo("[" + braces + "]");
  }

  @Test
  void thoughtsHaveAllNamesThatTemplatesUse() {
    ChatTemplate template =
        ChatTemplate.of("{{ messages[0].thinking }}|{{ messages[0].reasoning_content }}");
    Message message = Message.of("assistant", "Yes");

    assertThat(template.prompt(Conversation.of(message.with("reasoning", Value.of("so")))))
        .isEqualTo("so|so");
    assertThat(
            template.prompt(
                Conversation.of(
                    message
                        .with("thinking", Value.of("a"))
                        .with("reasoning_content", Value.of("b")))))
        .isEqualTo("a|b");
  }

  @Test
  void whatTheTemplateRefusesIsToldInItsWords() {
    assertThatThrownBy(
            () -> Goldens.template("gemma-2").prompt(Goldens.conversation("answer first")))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(TemplateException.Kind.RAISED);
              assertThat(e.reason())
                  .isEqualTo("Conversation roles must alternate user/assistant/user/assistant/...");
              assertThat(e.line()).isEqualTo(1);
            });
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }
}
