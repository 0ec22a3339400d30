package dev.retort.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatTurn;
import dev.retort.data.DataException;
import dev.retort.data.Place;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImporterTest {

  private static final String QUESTION = "write a haiku about ai";
  private static final String HAIKU = "Mind of circuits hum,\nLearning patterns in silence";

  @TempDir Path folder;

  @Test
  void readsStoredCompletionsWithTheMessagesOfTheirOwnEndpoint() throws IOException {
    // The answers of the two endpoints as OpenAI's reference shows them, joined.
    Path file =
        file(
            "stored.jsonl",
            """
            {"object":"chat.completion","id":"chatcmpl-AyPN","model":"gpt-4o-2024-08-06",\
            "created":1738960610,"request_id":"req_ded8","tool_choice":null,\
            "usage":{"total_tokens":31,"completion_tokens":18,"prompt_tokens":13,\
            "prompt_tokens_details":{"cached_tokens":8}},"seed":4944116822809979520,\
            "top_p":1.0,"temperature":1.0,"input_user":null,"tools":null,"metadata":{"set":"a"},\
            "choices":[{"index":0,"message":{"content":"Mind of circuits hum,\\nLearning patterns in silence","role":"assistant","tool_calls":null,"function_call":null},\
            "finish_reason":"stop","logprobs":null}],"response_format":null,\
            "messages":{"object":"list","data":[{"id":"chatcmpl-AyPN-0","role":"user","content":"write a haiku about ai","name":null,"content_parts":null}]}}
            {"object":"chat.completion","id":"chatcmpl-B","model":"gpt-4o","choices":[]}
            """);

    Imported imported = Importer.read(file);

    assertThat(imported.format()).isEqualTo(ExchangeFormat.OPENAI_STORED);
    assertThat(imported.records())
        .containsExactly(
            new ExchangeRecord(
                List.of(ChatTurn.user(QUESTION), ChatTurn.assistant(HAIKU)),
                new Place(file, 1),
                Optional.of(
                    new Teacher(
                        "gpt-4o-2024-08-06",
                        "chatcmpl-AyPN",
                        Finish.STOP,
                        new Usage(13, 8, 18),
                        Optional.of(Instant.parse("2025-02-07T20:36:50Z")),
                        0)),
                Optional.empty(),
                Map.of("set", "a")));
    assertThat(imported.rejected())
        .containsExactly(
            new Rejected(
                new Place(file, 2),
                "has no messages, since the list of stored completions leaves out what was asked; put what /chat/completions/chatcmpl-B/messages answers into a field 'messages'"));
  }

  @Test
  void readsAPageOfStoredCompletionsAndEveryChoice() throws IOException {
    Path file =
        file(
            "page.json",
            """
            {
              "object": "list",
              "data": [
                {"model": "m", "id": "1",
                 "usage": {"prompt_tokens": 5, "completion_tokens": 6},
                 "messages": [
                   {"role": "developer", "content": "Be brief."},
                   {"role": "user", "content": [{"type": "text", "text": "Hi"}]}],
                 "choices": [
                   {"message": {"role": "assistant", "content": "Hello"}, "finish_reason": "length"},
                   {"message": {"role": "assistant", "content": null, "refusal": "No."}}]}
              ]
            }
            """);

    List<ExchangeRecord> records = Importer.read(file).records();

    assertThat(records)
        .extracting(ExchangeRecord::answer)
        .containsExactly(opt("Hello"), opt("No."));
    assertThat(records.get(1).question())
        .containsExactly(ChatTurn.system("Be brief."), ChatTurn.user("Hi"));
    assertThat(records)
        .extracting(record -> record.teacher().orElseThrow())
        .containsExactly(
            new Teacher("m", "1", Finish.LENGTH, new Usage(5, 0, 6), Optional.empty(), 0),
            new Teacher("m", "1", Finish.REFUSED, Usage.NONE, Optional.empty(), 1));
  }

  @Test
  void readsLogsOfConverse() throws IOException {
    Path file =
        compressed(
            "log.json.gz",
            """
            {"schemaType":"ModelInvocationLog","schemaVersion":"1.0","timestamp":"2025-04-09T23:00:17Z","accountId":"1","identity":{"arn":"arn:aws:sts::x"},"region":"us-east-1","requestId":"915a","operation":"Converse","modelId":"anthropic.claude-3-haiku-20240307-v1:0","input":{"inputContentType":"application/json","inputBodyJson":{"system":[{"text":"Be brief."}],"messages":[{"role":"user","content":[{"text":"Hi"}]}]},"inputTokenCount":35},"output":{"outputContentType":"application/json","outputBodyJson":{"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm"}}},{"text":"Hello"}]}},"stopReason":"end_turn","metrics":{"latencyMs":3640},"usage":{"inputTokens":35,"cacheReadInputTokens":10,"outputTokens":446,"totalTokens":491}},"outputTokenCount":446},"requestMetadata":{"traceId":"b956"}}
            """);

    Imported imported = Importer.read(file);

    assertThat(imported.rejected()).isEmpty();
    assertThat(imported.records())
        .containsExactly(
            new ExchangeRecord(
                List.of(
                    ChatTurn.system("Be brief."), ChatTurn.user("Hi"), ChatTurn.assistant("Hello")),
                new Place(file, 1),
                Optional.of(
                    new Teacher(
                        "anthropic.claude-3-haiku-20240307-v1:0",
                        "915a",
                        Finish.STOP,
                        new Usage(45, 10, 446),
                        Optional.of(Instant.parse("2025-04-09T23:00:17Z")),
                        0)),
                Optional.empty(),
                Map.of("traceId", "b956")));
  }

  @Test
  void readsLogsOfStreamsAndOfModelsThatWereInvoked() throws IOException {
    Path file =
        file(
            "log.jsonl",
            log(
                    "ConverseStream",
                    "[{\"messageStart\":{\"role\":\"assistant\"}},{\"contentBlockDelta\":{\"delta\":{\"text\":\"Hel\"}}},{\"contentBlockDelta\":{\"delta\":{\"text\":\"lo\"}}},{\"messageStop\":{\"stopReason\":\"max_tokens\"}},{\"metadata\":{\"usage\":{\"inputTokens\":3,\"outputTokens\":2}}}]")
                + log(
                    "InvokeModel",
                    "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\"},{\"type\":\"text\",\"text\":\"Hello\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}")
                + log(
                    "InvokeModelWithResponseStream",
                    "[{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}},{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\"}}]"));

    Imported imported = Importer.read(file);

    assertThat(imported.rejected()).isEmpty();
    assertThat(imported.records()).extracting(ExchangeRecord::answer).containsOnly(opt("Hello"));
    assertThat(imported.records())
        .extracting(record -> record.teacher().orElseThrow().finish())
        .containsExactly(Finish.LENGTH, Finish.STOP, Finish.REFUSED);
    assertThat(imported.records().getFirst().teacher().orElseThrow().usage())
        .isEqualTo(new Usage(3, 0, 2));
  }

  @Test
  void logsOfWhatHasNoAnswerInTextAreRejectedWithTheReason() throws IOException {
    Path file =
        file(
            "log.jsonl",
            """
            {"operation":"Converse","modelId":"m","errorCode":"ThrottlingException"}
            {"operation":"Converse","modelId":"m","input":{"inputBodyS3Path":"s3://b/k"},"output":{}}
            {"operation":"InvokeModel","modelId":"titan","input":{"inputBodyJson":{"inputText":"Hi"}},"output":{"outputBodyJson":{"embedding":[0.1]}}}
            {"operation":"Converse","modelId":"m","input":{"inputBodyJson":{"messages":[{"role":"user","content":[{"image":{}}]}]}},"output":{"outputBodyJson":{}}}
            """
                + log(
                    "Converse",
                    "{\"output\":{\"message\":{\"content\":[{\"toolUse\":{\"name\":\"t\"}}]}},\"stopReason\":\"tool_use\"}")
                + log(
                    "ConverseStream", "[{\"contentBlockDelta\":{\"delta\":{\"text\":\"Hel\"}}}]"));

    assertThat(Importer.read(file).rejected())
        .extracting(Rejected::reason)
        .containsExactly(
            "the request failed: ThrottlingException",
            "its input lies apart at s3://b/k; put that into input.inputBodyJson",
            "input.inputBodyJson.messages is missing; it must be a list, as Converse and Anthropic's models have it",
            "input.inputBodyJson.messages[0].content[0] must be a text, but is {\"image\":{}}",
            "output.outputBodyJson content[0] must be a text, but is {\"toolUse\":{\"name\":\"t\"}}",
            "the events of output.outputBodyJson have no end; the stream was cut");
  }

  @Test
  void readsConversationsOfBedrockWithAndWithoutAnAnswer() throws IOException {
    Path file =
        file(
            "conversation.jsonl",
            """
            {"schemaVersion":"bedrock-conversation-2024","system":[{"text":"A chat."}],"messages":[{"role":"user","content":[{"text":"why is the sky blue"}]},{"role":"assistant","content":[{"text":"Because."}]}]}
            {"schemaVersion":"bedrock-conversation-2024","messages":[{"role":"user","content":[{"text":"why"}]}]}
            """);

    Imported imported = Importer.read(file);

    assertThat(imported.format()).isEqualTo(ExchangeFormat.BEDROCK_CONVERSATION);
    assertThat(imported.records())
        .extracting(ExchangeRecord::answer)
        .containsExactly(opt("Because."), Optional.empty());
    assertThat(imported.records().getFirst().question())
        .containsExactly(ChatTurn.system("A chat."), ChatTurn.user("why is the sky blue"));
  }

  @Test
  void readsAListAndSaysOnWhichLineARowBegins() throws IOException {
    Path file =
        file(
            "alpaca.json",
            """
            [
              {"instruction": "Translate.", "input": "Haus", "output": "house",
               "system": "Be brief.", "history": [["Hi", "Hello"]]},
              {"instruction": "Say hi.", "input": "", "output": "hi", "label": "greeting"},
              {"instruction": "Say hi.", "output": 3}
            ]
            """);

    Imported imported = Importer.read(file);

    assertThat(imported.records())
        .extracting(ExchangeRecord::turns)
        .containsExactly(
            List.of(
                ChatTurn.system("Be brief."),
                ChatTurn.user("Hi"),
                ChatTurn.assistant("Hello"),
                ChatTurn.user("Translate.\n\nHaus"),
                ChatTurn.assistant("house")),
            List.of(ChatTurn.user("Say hi."), ChatTurn.assistant("hi")));
    assertThat(imported.records().get(1).label()).contains("greeting");
    assertThat(imported.records().get(1).place()).hasToString(file + ":4");
    assertThat(imported.rejected())
        .containsExactly(new Rejected(new Place(file, 5), "output must be a text, but is 3"));
  }

  @Test
  void damagedRowsAreRejectedOneByOne() throws IOException {
    Path file = folder.resolve("chat.jsonl");
    Files.write(
        file,
        List.of(
            "\uFEFF{\"messages\":[{\"role\":\"user\",\"content\":\"Hï\"}]}",
            "",
            "{\"messages\":[{\"role\":\"user\",",
            "[1]",
            "{\"messages\":[{\"role\":\"tool\",\"content\":\"3\"}]}",
            "{\"messages\":[{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{}]}]}",
            "{\"messages\":[]}",
            "{\"prompt\":\"Hi\"}"));
    try (OutputStream out = Files.newOutputStream(file, java.nio.file.StandardOpenOption.APPEND)) {
      out.write("{\"messages\":\"\u00FC\"}\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    Imported imported = Importer.read(file);

    assertThat(imported.records())
        .containsExactly(ExchangeRecord.of(List.of(ChatTurn.user("Hï")), new Place(file, 1)));
    assertThat(imported.rejected())
        .extracting(Rejected::toString)
        .satisfiesExactly(
            row -> assertThat(row).startsWith(file + ":3: is no JSON (column "),
            row -> assertThat(row).isEqualTo(file + ":4: is no JSON object but ARRAY"),
            row ->
                assertThat(row)
                    .isEqualTo(
                        file
                            + ":5: messages[0].role must be system, user or assistant, but is \"tool\""),
            row ->
                assertThat(row)
                    .isEqualTo(file + ":6: messages[0] calls a tool; only texts can be taken"),
            row ->
                assertThat(row)
                    .isEqualTo(
                        file
                            + ":7: messages must be a list of messages that is not empty, but is []"),
            row ->
                assertThat(row)
                    .isEqualTo(
                        file
                            + ":8: messages is missing; it must be a list of messages that is not empty"),
            row -> assertThat(row).startsWith(file + ":9: is not UTF-8; convert the file"));
  }

  @Test
  void aListThatIsCutLosesOnlyItsEnd() throws IOException {
    Path file =
        file(
            "sharegpt.json",
            """
            [
              {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]},
              {"conversations": [{"from": "human",
            """);

    Imported imported = Importer.read(file);

    assertThat(imported.records()).hasSize(1);
    assertThat(imported.rejected()).hasSize(1);
    assertThat(imported.rejected().getFirst().reason())
        .startsWith("is no JSON (")
        .endsWith("so nothing from line 3 on could be read");
  }

  @Test
  void aCompressedFileThatIsCutLosesOnlyItsEnd() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 4000; i++) {
      rows.append("{\"messages\":[{\"role\":\"user\",\"content\":\"")
          .append(Integer.toHexString(i * 0x9E3779B1))
          .append("\"}]}\n");
    }
    Path whole = compressed("log.jsonl.gz", rows.toString());
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = folder.resolve("cut.jsonl.gz");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
    Path stub = folder.resolve("stub.jsonl.gz");
    Files.write(stub, Arrays.copyOf(bytes, 5));

    Imported imported = Importer.read(cut);

    int read = imported.records().size();
    assertThat(read).isBetween(1000, 2500);
    assertThat(imported.records())
        .extracting(ExchangeRecord::turns)
        .containsExactlyElementsOf(
            Importer.read(whole).records().subList(0, read).stream()
                .map(ExchangeRecord::turns)
                .toList());
    assertThat(imported.rejected())
        .containsExactly(
            new Rejected(
                new Place(cut, read + 1L),
                "the compressed file is cut or damaged (Unexpected end of ZLIB input stream), so nothing from here on could be read"));
    assertThatThrownBy(() -> Importer.read(stub))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(stub + ":1: error: has no JSON object")
        .hasMessageContaining("the compressed file is cut or damaged");
  }

  @Test
  void anUnknownFormatIsRefusedWithTheFieldsThatWereFound() throws IOException {
    Path file = file("rows.jsonl", "{\"text\":\"Hi\",\"category\":\"x\"}\n");

    assertThatThrownBy(() -> Importer.read(file))
        .isInstanceOf(DataException.class)
        .hasMessage(
            file
                + ": error: has rows with the fields [text, category], which is none of the formats [openai-chat, openai-stored, openai-batch, bedrock-log, bedrock-conversation, sharegpt, alpaca]");
    assertThatThrownBy(() -> Importer.read(file("empty.jsonl", "")))
        .hasMessageContaining("has no JSON object");
  }

  private static String log(String operation, String output) {
    return "{\"schemaType\":\"ModelInvocationLog\",\"operation\":\"%s\",\"modelId\":\"m\",\"input\":{\"inputBodyJson\":{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"system\":\"Be brief.\"}},\"output\":{\"outputBodyJson\":%s}}\n"
        .formatted(operation, output);
  }

  private static Optional<String> opt(String text) {
    return Optional.of(text);
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private Path compressed(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }
}
