package dev.retort.bench;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import dev.retort.io.Folders;
import dev.retort.run.Apis;
import dev.retort.run.Generating;
import dev.retort.run.RunContext;
import dev.retort.synthesis.Syntheses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Real rationales through `retort generate`: the recorded solutions of four models to the problems
/// of GSM8K (Cobbe et al. 2021), as four votes of one model. Says how often a rationale is judged
/// as those who recorded it did, and how right the majority is.
///
/// Usage: `RecordedRationales example_model_solutions.jsonl`, of the GSM8K repository.
public final class RecordedRationales {

  private static final List<String> MODELS =
      List.of("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification");

  private final Path folder;
  private final Map<String, JsonNode> problems;

  private RecordedRationales(Path folder, Map<String, JsonNode> problems) {
    this.folder = folder;
    this.problems = problems;
  }

  /// Goes through all recorded solutions twice and prints what came of them.
  public static void main(String[] args) throws IOException {
    Map<String, JsonNode> problems = new HashMap<>();
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      JsonNode problem = JsonMapper.shared().readTree(line);
      problems.put(problem.get("question").stringValue(), problem);
    }
    Path folder = Files.createTempDirectory("retort-recorded");
    try {
      new RecordedRationales(folder, problems).run();
    } finally {
      Folders.delete(folder);
    }
  }

  private void run() throws IOException {
    List<String> lines = new ArrayList<>();
    problems.forEach((question, problem) ->
        lines.add(
            JsonMapper.shared()
                .createObjectNode()
                .put("prompt", question)
                .put("truth", end(problem.get("ground_truth").stringValue()))
                .toString()));
    Files.write(folder.resolve("problems.jsonl"), lines);
    checked(written("known: truth"));
    majority(written(""));
  }

  private List<JsonNode> written(String setting) throws IOException {
    Path file = folder.resolve("synthesis.yaml");
    Files.writeString(
        file,
        """
        name: recorded
        teacher: {model: 'openai:http://localhost:1/v1#recorded'}
        seeds: {file: problems.jsonl}
        steps: [{use: rationale, votes: 4, rationales: 4, match: number%s}]
        out: rationales.jsonl
        """
            .formatted(setting.isEmpty() ? "" : ", " + setting));
    RunContext context =
        Surroundings.of(new Apis((_, _) -> new Recorded(problems), Optional.empty()));
    Path rows = new Generating(context).write(Syntheses.read(file, List.of()), file).rows();
    return Files.readAllLines(rows).stream().map(JsonMapper.shared()::readTree).toList();
  }

  /// Which rationales are kept where the right answer is known, against the recorded verdicts.
  private void checked(List<JsonNode> kept) {
    Map<String, Integer> counts = new HashMap<>();
    kept.forEach(row -> counts.merge(row.get("prompt").stringValue(), 1, Integer::sum));
    int same = 0;
    int right = 0;
    for (Map.Entry<String, JsonNode> problem : problems.entrySet()) {
      long recorded =
          MODELS.stream()
              .filter(model -> problem.getValue().get(model).get("is_correct").asBoolean())
              .count();
      right += (int) recorded;
      same += counts.getOrDefault(problem.getKey(), 0) == recorded ? 1 : 0;
    }
    System.out.printf(
        Locale.ROOT,
        "%,d of %,d rationales kept, %,d recorded as right; on %,d of %,d problems as many%n",
        kept.size(),
        MODELS.size() * problems.size(),
        right,
        same,
        problems.size());
  }

  /// How right the answers are that most votes gave.
  private static void majority(List<JsonNode> kept) {
    Map<String, Boolean> right = new HashMap<>();
    for (JsonNode row : kept) {
      right.put(
          row.get("prompt").stringValue(),
          number(row.get("answer").stringValue()).equals(number(row.get("truth").stringValue())));
    }
    long correct = right.values().stream().filter(Boolean::booleanValue).count();
    System.out.printf(
        Locale.ROOT, "a majority on %,d problems, right on %,d%n", right.size(), correct);
  }

  private static String number(String text) {
    return text.replaceAll("[,$\\s]", "").replaceAll("\\.0*$", "");
  }

  /// What stands behind the mark that ends a recorded solution.
  private static String end(String solution) {
    return solution.substring(solution.lastIndexOf("A: ") + "A: ".length()).strip();
  }

  /// Answers with the recorded solutions, one for each vote, ended as it was asked to end them.
  private record Recorded(Map<String, JsonNode> problems) implements ChatModel {

    @Override
    public String name() {
      return "recorded";
    }

    @Override
    public String identity() {
      return "bench:recorded";
    }

    @Override
    public ChatAnswer answer(ChatRequest request) {
      String question = request.turns().getLast().text();
      JsonNode problem = Objects.requireNonNull(problems.get(question), question);
      String solution = problem.get(MODELS.get(request.sample())).get("solution").stringValue();
      return new ChatAnswer(
          solution.replace("\nA: ", "\nAnswer: "), Finish.STOP, Usage.NONE, name(), "", List.of());
    }

    @Override
    public void close() {
      // nothing is open
    }
  }
}
