package dev.retort.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.retort.app.Shell.Result;
import dev.retort.app.exit.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `retort generate` against a local server that speaks OpenAI's chat API.
class GenerateCommandTest {

  @TempDir Path folder;

  private final AtomicInteger served = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/chat/completions", this::serve);
    server.start();
    Files.writeString(folder.resolve("seeds.csv"), "question\nBake bread.\nBrew tea.\n");
    Files.writeString(
        folder.resolve("tasks.yaml"),
        """
        name: tasks
        teacher:
          model: openai:http://localhost:%d/v1#teacher
          price: {input: 1, output: 1}
        seeds: {file: seeds.csv, columns: {prompt: question}}
        steps:
          - {use: self-instruct, count: 4, each: 2}
          - use: filter
            with: [{use: duplicates, column: prompt}]
          - {use: answer, instructions: Be brief., maxTokens: 100}
        out: tasks.jsonl
        """
            .formatted(server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void rowsAreWrittenAndWhatIsDroppedLiesBesideThem() throws IOException {
    Result result = generate();

    assertThat(result.err()).contains("steps[0] self-instruct", "4 rows, 0 dropped");
    assertThat(result.code()).isEqualTo(ExitCode.OK);
    assertThat(result.out())
        .contains("2 rows are in " + folder.resolve("tasks.jsonl"))
        .contains("2 were dropped, and are in " + folder.resolve("tasks.dropped.jsonl"))
        .contains("$0.0000240 paid in all; the report is " + folder.resolve("tasks.report.html"));
    assertThat(lines("tasks.jsonl"))
        .extracting(row -> row.path("prompt").asString() + " " + row.path("completion").asString())
        .containsExactly("Boil an egg. Done: Boil an egg.", "Wash up. Done: Wash up.");
    assertThat(lines("tasks.dropped.jsonl"))
        .extracting(row -> row.path("reason").asString())
        .containsExactly("prompt is that of self-instruct 1", "prompt is that of self-instruct 1");
  }

  @Test
  void aSecondCallPaysNothing() {
    generate();
    int once = served.get();

    Result again = generate();

    assertThat(again.code()).isEqualTo(ExitCode.OK);
    assertThat(served.get()).isEqualTo(once);
  }

  @Test
  void aDryRunAsksNothing() {
    Result result = generate("--dry-run");

    assertThat(result.code()).isEqualTo(ExitCode.OK);
    assertThat(result.out())
        .contains("steps[0] self-instruct: 2 requests, 0 of them known; 2 would be asked")
        .contains("steps[2] answer: at most 4 requests about texts that do not exist yet");
    assertThat(served.get()).isZero();
    assertThat(folder.resolve("tasks.jsonl")).doesNotExist();
  }

  @Test
  void aSpentBudgetSaysHowToGoOn() {
    Result result = generate("--budget", "0.0000001");

    assertThat(result.code()).isEqualTo(ExitCode.TEACHER);
    assertThat(result.err())
        .contains("the budget of $0.000000100 is spent")
        .contains("run the same command with a larger --budget")
        .contains("the budget of $0.000000100 is spent");
    assertThat(served.get()).isZero();
  }

  @Test
  void everythingThatIsWrongWithTheFileIsToldAtOnce() {
    Result result =
        generate("--set", "steps[0].count=0", "--set", "steps[2].use=anwser", "--set", "out=x.csv");

    assertThat(result.code()).isEqualTo(ExitCode.RECIPE);
    assertThat(result.err())
        .contains("steps[0].count", "must be >= 1 but is 0")
        .contains("steps[2].use", "'anwser' is not one of");
  }

  @Test
  void aMissingKeyIsNamed() {
    Result result = generate("--set", "teacher.model=openai:https://api.openai.com/v1#x");

    assertThat(result.code()).isEqualTo(ExitCode.TEACHER);
    assertThat(result.err()).contains("OPENAI_API_KEY").doesNotContain("bug");
  }

  private Result generate(String... options) {
    Object[] words = new Object[options.length + 2];
    words[0] = "generate";
    words[1] = folder.resolve("tasks.yaml");
    System.arraycopy(options, 0, words, 2, options.length);
    return new Shell(folder).retort(words);
  }

  private List<JsonNode> lines(String file) throws IOException {
    return Files.readAllLines(folder.resolve(file)).stream()
        .map(JsonMapper.shared()::readTree)
        .toList();
  }

  private void serve(HttpExchange exchange) throws IOException {
    served.incrementAndGet();
    JsonNode request = JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
    JsonNode messages = request.path("messages");
    String question = messages.get(messages.size() - 1).path("content").asString();
    boolean list = messages.get(0).path("content").asString().contains("numbered list");
    byte[] body =
        answer(list ? "1. Boil an egg.\n2. Wash up." : "Done: " + question)
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static ObjectNode answer(String text) {
    ObjectNode answer = JsonMapper.shared().createObjectNode();
    answer.put("id", "answer").put("object", "chat.completion").put("model", "teacher");
    ObjectNode choice = answer.putArray("choices").addObject();
    choice.put("index", 0).put("finish_reason", "stop");
    choice.putObject("message").put("role", "assistant").put("content", text);
    answer
        .putObject("usage")
        .put("prompt_tokens", 4)
        .put("completion_tokens", 2)
        .put("total_tokens", 6);
    return answer;
  }
}
