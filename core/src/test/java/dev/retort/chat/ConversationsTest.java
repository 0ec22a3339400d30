package dev.retort.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.chat.jinja.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class ConversationsTest {

  private static final Message HI = Message.of("user", "Hi");
  private static final Message HELLO = Message.of("assistant", "Hello");

  @Test
  void openAi() {
    assertThat(
            read(
                """
                {"messages": [{"role": "user", "content": "Hi"},
                              {"role": "assistant", "content": "Hello"}], "id": 5}
                """))
        .isEqualTo(Conversation.of(HI, HELLO));
  }

  @Test
  void openAiWithToolsAndFurtherFields() {
    Conversation conversation =
        read(
            """
            {"messages": [
               {"role": "user", "content": [{"type": "text", "text": "Hi"}], "name": "ann"},
               {"role": "assistant", "content": null, "tool_calls": [
                  {"id": "1", "type": "function",
                   "function": {"name": "f", "arguments": "{\\"x\\": [1, 2.5, null]}"}}]},
               {"role": "tool", "tool_call_id": "1", "content": "ok"}],
             "tools": [{"type": "function", "function": {"name": "f"}}]}
            """);

    assertThat(render("{{ messages[0] }}", conversation))
        .isEqualTo("{'role': 'user', 'content': [{'type': 'text', 'text': 'Hi'}], 'name': 'ann'}");
    assertThat(render("{{ messages[1].tool_calls[0].function.arguments }}", conversation))
        .isEqualTo("{'x': [1, 2.5, None]}");
    assertThat(render("{{ messages[2].tool_call_id }}", conversation)).isEqualTo("1");
    assertThat(render("{{ tools[0].function.name }}", conversation)).isEqualTo("f");
  }

  @Test
  void shareGpt() {
    assertThat(
            read(
                """
                {"system": "Be kind.", "tools": "[{\\"name\\": \\"f\\"}]",
                 "conversations": [{"from": "human", "value": "Hi"},
                                   {"from": "gpt", "value": "Hello"}]}
                """))
        .isEqualTo(
            new Conversation(
                List.of(Message.of("system", "Be kind."), HI, HELLO),
                List.of(Value.Dict.of(Map.of("name", Value.of("f"))))));
  }

  @Test
  void shareGptsColumnWithOpenAisMessages() {
    assertThat(read("{\"conversations\": [{\"role\": \"user\", \"content\": \"Hi\"}]}"))
        .isEqualTo(Conversation.of(HI));
  }

  @Test
  void promptAndCompletion() {
    assertThat(read("{\"prompt\": \"Hi\", \"completion\": \"Hello\"}"))
        .isEqualTo(Conversation.of(HI, HELLO));
    assertThat(
            read(
                """
                {"prompt": [{"role": "system", "content": "Be kind."},
                            {"role": "user", "content": "Hi"}],
                 "completion": [{"role": "assistant", "content": "Hello"}]}
                """))
        .isEqualTo(Conversation.of(Message.of("system", "Be kind."), HI, HELLO));
  }

  @Test
  void alpaca() {
    assertThat(read("{\"instruction\": \"Hi\", \"input\": \"\", \"output\": \"Hello\"}"))
        .isEqualTo(Conversation.of(HI, HELLO));
    assertThat(read("{\"instruction\": \"Translate.\", \"input\": \"chat\", \"output\": \"cat\"}"))
        .isEqualTo(
            Conversation.of(
                Message.of("user", "Translate.\n\nchat"), Message.of("assistant", "cat")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"text\": \"x\"}|is no conversation: the fields are [text]; allowed are 'messages'",
        "[1]|is no conversation: the fields are missing, as this is no object",
        "{\"messages\": \"x\"}|messages must be a list of messages that is not empty, but is \"x\"",
        "{\"messages\": []}|messages must be a list of messages that is not empty, but is []",
        "{\"messages\": [5]}|messages[0] must be an object, but is 5",
        "{\"messages\": [{\"content\": \"x\"}]}|messages[0].role is missing; it must be a text",
        "{\"messages\": [{\"role\": 1}]}|messages[0].role must be a text such as 'user'",
        "{\"messages\": [{\"role\": \"user\"}]}|messages[0].content is missing; it must be a text",
        "{\"messages\": [{\"role\": \"user\", \"content\": 5}]}|messages[0].content must be a text, or a list of parts, but is 5",
        "{\"messages\": [{\"role\": \"a\", \"tool_calls\": [5]}]}|messages[0].tool_calls[0] must be an object with 'function'",
        "{\"messages\": [{\"role\": \"a\", \"tool_calls\": [{\"function\": {}}]}]}|messages[0].tool_calls[0].function.name is missing",
        "{\"messages\": [{\"role\": \"a\", \"tool_calls\": [{\"function\": {\"name\": \"f\", \"arguments\": \"{x\"}}]}]}|messages[0].tool_calls[0].function.arguments is no JSON",
        "{\"messages\": [{\"role\": \"u\", \"content\": \"\"}], \"tools\": {}}|tools must be a list of JSON schemas, but is {}",
        "{\"conversations\": [{\"from\": \"me\", \"value\": \"x\"}]}|conversations[0].from must be one of [assistant, bot, chatgpt,",
        "{\"conversations\": [{\"from\": \"human\"}]}|conversations[0].value is missing; it must be a text",
        "{\"prompt\": 5, \"completion\": \"x\"}|prompt must be a text, but is 5",
        "{\"instruction\": \"x\", \"output\": null}|output must be a text, but is null"
      })
  void aWrongShapeIsNamed(String row, String message) {
    assertThatThrownBy(() -> read(row))
        .isInstanceOf(ChatException.class)
        .hasMessageStartingWith(message);
  }

  private static Conversation read(String json) {
    return Conversations.read(JsonMapper.shared().readTree(json));
  }

  private static String render(String template, Conversation conversation) {
    return ChatTemplate.of(template).prompt(conversation);
  }
}
