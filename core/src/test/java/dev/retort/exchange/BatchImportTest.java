package dev.retort.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.api.ChatTurn;
import dev.retort.data.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Batches of OpenAI's Batch API, whose questions and answers are in different files.
class BatchImportTest {

  @TempDir Path folder;

  @Test
  void readsWhatABatchWasAskedAndAnswered() throws IOException {
    Path input =
        file(
            "input.jsonl",
            """
            {"custom_id":"request-1","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o-mini","messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"What is 2+2?"}]}}
            {"custom_id":"request-1","method":"POST","url":"/v1/chat/completions","body":{}}
            """);
    Path output =
        file(
            "output.jsonl",
            """
            {"id":"batch_req_403","custom_id":"request-1","response":{"status_code":200,"request_id":"af0b","body":{"id":"chatcmpl-A1Ef","object":"chat.completion","created":1724858089,"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"message":{"role":"assistant","content":"2 + 2 equals 4.","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":24,"completion_tokens":8,"total_tokens":32}}},"error":null}
            {"id":"batch_req_123","custom_id":"request-3","response":null,"error":{"code":"batch_expired","message":"This request could not be executed before the completion window expired."}}
            {"id":"batch_req_124","custom_id":"request-4","response":{"status_code":400,"request_id":"x","body":{"error":{"message":"Invalid 'max_tokens'."}}},"error":null}
            {"id":"batch_req_125","custom_id":"request-5","response":{"status_code":200,"body":{}},"error":null}
            """);

    Imported imported = Importer.readBatch(input, List.of(output));

    assertThat(imported.records()).hasSize(1);
    assertThat(imported.records().getFirst().turns())
        .containsExactly(
            ChatTurn.system("You are a helpful assistant."),
            ChatTurn.user("What is 2+2?"),
            ChatTurn.assistant("2 + 2 equals 4."));
    assertThat(imported.rejected())
        .extracting(Rejected::toString)
        .containsExactly(
            input + ":2: repeats the custom_id 'request-1'",
            output
                + ":2: the request request-3 failed: This request could not be executed before the completion window expired.",
            output + ":3: the request request-4 failed with status 400: Invalid 'max_tokens'.",
            output + ":4: no row of the input file has the custom_id 'request-5'");
  }

  @Test
  void whatABatchLeftUnansweredIsNamed() throws IOException {
    Path input =
        file(
            "input.jsonl",
            """
            {"custom_id":"1","body":{"messages":[{"role":"user","content":"Hi"}]}}
            {"custom_id":"2","body":{"messages":[{"role":"user","content":"Ho"}]}}
            {"custom_id":"3","body":{"messages":[{"role":"user","content":"Ha"}]}}
            """);
    Path output =
        file(
            "output.jsonl",
            """
            {"custom_id":"1","response":{"status_code":200,"body":{"model":"m","choices":[{"message":{"role":"assistant","content":"Hello"}}]}},"error":null}
            """);
    Path errors =
        file("errors.jsonl", "{\"custom_id\":\"3\",\"error\":{\"message\":\"expired\"}}\n");

    Imported imported = Importer.readBatch(input, List.of(output, errors));

    assertThat(imported.records())
        .extracting(ExchangeRecord::answer)
        .containsExactly(Optional.of("Hello"));
    assertThat(imported.rejected())
        .containsExactly(
            new Rejected(new Place(errors, 1), "the request 3 failed: expired"),
            new Rejected(
                new Place(input, 2),
                "has no answer: no row of [%s, %s] has the custom_id '2'"
                    .formatted(output, errors)));
  }

  @Test
  void aFileOfABatchAloneIsNotEnough() throws IOException {
    Path output =
        file(
            "output.jsonl",
            """
            {"custom_id":"1","response":{"status_code":200,"body":{}},"error":null}
            {"custom_id":"1","method":"POST","url":"/v1/chat/completions","body":{}}
            """);

    assertThat(Importer.read(output).rejected())
        .extracting(Rejected::reason)
        .containsExactly(
            "the output of a batch lacks what was asked; give the input file of the batch too",
            "is the input of a batch, not its output; give both files, this one as the input");
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }
}
