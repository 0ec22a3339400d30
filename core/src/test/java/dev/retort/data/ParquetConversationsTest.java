package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.chat.Conversation;
import dev.retort.chat.Conversations;
import dev.retort.chat.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Conversations and preferences in columns of lists of structs, as data sets of the Hugging Face
/// hub have them.
class ParquetConversationsTest {

  @TempDir Path folder;

  private List<Example> examples(RowShape rows, String query) throws IOException, SQLException {
    try (DuckDb db = DuckDb.open()) {
      db.execute(
          "COPY (%s) TO %s (FORMAT parquet)"
              .formatted(query, DuckDb.literal(folder.resolve("a.parquet").toString())));
    }
    DataSettings settings =
        new DataSettings(
            "a.parquet",
            Optional.empty(),
            Optional.empty(),
            "text",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Leakage.WARN,
            Optional.empty(),
            Optional.empty(),
            rows,
            Optional.empty(),
            Optional.empty());
    return Splits.read(settings, folder, 7).train().examples();
  }

  private static JsonNode json(Example example) {
    return JsonMapper.shared().readTree(example.text());
  }

  @Test
  void messagesAreReadInOrder() throws IOException, SQLException {
    List<Example> examples =
        examples(
            RowShape.CONVERSATIONS,
            """
            SELECT [{'role': 'user', 'content': 'say "' || i || '"'},
                    {'role': 'assistant', 'content': 'line\n— ' || i || ' 🎲'}] AS messages,
                   'web' AS source
            FROM range(3000) AS t(i)
            """);

    assertThat(examples).hasSize(3000);
    for (int row = 0; row < 3000; row += 7) {
      Conversation conversation = Conversations.read(json(examples.get(row)));
      assertThat(conversation)
          .isEqualTo(
              Conversation.of(
                  Message.of("user", "say \"" + row + "\""),
                  Message.of("assistant", "line\n— " + row + " 🎲")));
      assertThat(examples.get(row).place())
          .isEqualTo(new Place(folder.resolve("a.parquet"), row + 1));
    }
  }

  /// All structs of a column have the same fields; those that a message has not are null.
  @Test
  void fieldsThatAMessageHasNotAreAbsent() throws IOException, SQLException {
    JsonNode row =
        json(
            examples(
                    RowShape.CONVERSATIONS,
                    """
                    SELECT [{'role': 'user', 'content': 'how?', 'tool_calls': NULL, 'name': NULL},
                            {'role': 'assistant', 'content': NULL, 'name': NULL, 'tool_calls':
                             [{'type': 'function',
                               'function': {'name': 'weather', 'arguments': '{"day": null}'}}]}]
                      AS messages, NULL::VARCHAR AS tools, 3 AS turns
                    """)
                .getFirst());

    assertThat(row.propertyNames()).containsExactly("messages", "turns");
    assertThat(row.at("/messages/0").propertyNames()).containsExactly("role", "content");
    assertThat(row.at("/messages/1").propertyNames())
        .containsExactly("role", "content", "tool_calls");
    assertThat(row.at("/messages/1/content").isNull()).isTrue();
    assertThat(row.at("/messages/1/tool_calls/0/function/arguments").stringValue())
        .isEqualTo("{\"day\": null}");
    assertThat(Conversations.read(row).messages()).hasSize(2);
  }

  @Test
  void otherShapesOfConversationsAreKnownToo() throws IOException, SQLException {
    JsonNode shareGpt =
        json(
            examples(
                    RowShape.CONVERSATIONS,
                    "SELECT [{'from': 'human', 'value': 'a'}, {'from': 'gpt', 'value': 'b'}]"
                        + " AS conversations, 'be kind' AS system")
                .getFirst());
    JsonNode preference =
        json(
            examples(
                    RowShape.PREFERENCES,
                    "SELECT 'q' AS prompt, [{'role': 'assistant', 'content': 'good'}] AS chosen,"
                        + " [{'role': 'assistant', 'content': 'bad'}] AS rejected")
                .getFirst());

    assertThat(Conversations.read(shareGpt).messages())
        .extracting(Message::role)
        .containsExactly("system", "user", "assistant");
    assertThat(Conversations.answer(preference, "rejected"))
        .isEqualTo(Conversation.of(Message.of("user", "q"), Message.of("assistant", "bad")));
  }
}
