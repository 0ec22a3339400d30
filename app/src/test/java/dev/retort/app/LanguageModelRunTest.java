package dev.retort.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.app.exit.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands one after another, for a language model.
class LanguageModelRunTest {

  private static final List<String> WORDS = List.of("good", "bad", "slow", "movie", "day", "time");

  @TempDir Path root;

  @Test
  void aConversationGoesFromCheckToExport() throws IOException {
    writeModel();
    Files.writeString(root.resolve("train.jsonl"), conversations(60, 1));
    Files.writeString(root.resolve("test.jsonl"), conversations(20, 2));
    Path recipe =
        Files.writeString(
            root.resolve("recipe.yaml"),
            """
            name: tiny-chat
            task: generation
            teacher: {model: '%s', maxLength: 32}
            student: {layers: [0, 2]}
            data: {train: train.jsonl, test: test.jsonl, validation: 20%%, rows: conversations,
                   leakage: warn}
            train: {epochs: 1, precision: fp32}
            evaluate: {prompts: 6, maxTokens: 6}
            require: {teacherKl: "<= 100", rougeL: ">= 0"}
            """
                .formatted(root.resolve("model")));
    Path runs = root.resolve("runs");

    Shell shell = new Shell(root.resolve("home"));
    Shell.Result check = shell.retort("check", recipe);
    assertThat(check.out()).contains("teacher  ").contains("3 layers of width 32, 96 tokens");

    Path written = root.resolve("written.jsonl");
    Shell.Result label =
        shell.retort(
            "label", recipe, "--completions", written, "--max-tokens", 6, "--keep-truncated");
    assertThat(label.err()).doesNotContain("retort: ");
    assertThat(label.out()).contains("completions are in " + written);
    assertThat(written).content().contains("\"messages\":[{\"role\":\"user\"").contains("\"by\":");

    Shell.Result distill = shell.retort("distill", recipe, "--runs", runs);
    assertThat(distill.err()).doesNotContain("retort: ");
    assertThat(distill.code()).isEqualTo(ExitCode.OK);
    assertThat(distill.out())
        .contains("perplexity", "KL from teacher", "exact match", "first token", "report.html");
    assertThat(distill.out().lines().filter(line -> line.startsWith("  ")))
        .allMatch(line -> line.length() <= 80);
    Path run = only(runs);

    Path test = root.resolve("test.jsonl");
    Shell.Result evaluate =
        shell.retort("evaluate", run, "--data", test, "--rows", "conversations");
    assertThat(evaluate.err()).doesNotContain("retort: ");
    assertThat(evaluate.out()).contains("perplexity", "greedy speed").doesNotContain("KL");
    Shell.Result compared =
        shell.retort(
            "evaluate",
            run,
            "--data",
            test,
            "--rows",
            "conversations",
            "--teacher",
            root.resolve("model"));
    assertThat(compared.out()).contains("KL from teacher");
    assertThat(shell.retort("evaluate", run, "--data", test, "--rows", "lines").err())
        .contains("--rows lines: there are columns, conversations and preferences");

    Path copy = root.resolve("copy");
    assertThat(shell.retort("export", run, "--to", "safetensors", "--out", copy).code())
        .isEqualTo(ExitCode.OK);
    assertThat(copy.resolve("chat_template.jinja")).exists();
    // Its tokenizer splits at spaces, which llama.cpp cannot.
    Shell.Result gguf = shell.retort("export", run, "--to", "gguf");
    assertThat(gguf.code()).isEqualTo(ExitCode.DATA);
    assertThat(gguf.err()).startsWith("retort: ").contains("tokenizer.json");
  }

  private void writeModel() throws IOException {
    Path source = Path.of("../core/src/test/resources/decoders/qwen3");
    Path model = Files.createDirectory(root.resolve("model"));
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(source.resolve(name), model.resolve(name));
    }
    List<String> words =
        Stream.concat(Stream.of("<pad>", "<s>", "</s>", "<unk>", "user", "bot"), WORDS.stream())
            .toList();
    String vocabulary =
        IntStream.range(0, words.size())
            .mapToObj(id -> "\"%s\": %d".formatted(words.get(id), id))
            .collect(Collectors.joining(", "));
    Files.writeString(
        model.resolve("tokenizer.json"),
        """
        {"version": "1.0", "truncation": null, "padding": null, "normalizer": null,
         "added_tokens": [{"id": 2, "content": "</s>", "special": true, "single_word": false,
                           "lstrip": false, "rstrip": false, "normalized": false}],
         "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
         "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "<unk>"}}
        """
            .formatted(vocabulary));
    Files.writeString(
        model.resolve("chat_template.jinja"),
        "{% for m in messages %}{{ 'bot' if m.role == 'assistant' else 'user' }} {{ m.content }} </s>"
            + " {% endfor %}{% if add_generation_prompt %}bot {% endif %}");
  }

  private static String conversations(int rows, long seed) {
    Random random = new Random(seed);
    StringBuilder lines = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      String word = WORDS.get(random.nextInt(WORDS.size()));
      lines.append(
          """
          {"messages": [{"role": "user", "content": "%s"}, {"role": "assistant", "content": "%s"}]}
          """
              .formatted(word, (word + " ").repeat(1 + random.nextInt(3)) + "day"));
    }
    return lines.toString();
  }

  private static Path only(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList().getFirst();
    }
  }
}
