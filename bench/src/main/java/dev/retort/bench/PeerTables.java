package dev.retort.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Markdown tables of what `bench/run-peers.sh` measured: medians over the rounds, and medians of
/// the ratios within each round, so that a machine that slows down between rounds does not matter.
///
/// Usage: `PeerTables --results FOLDER [--peak-bf16 970] [--peak-fp32 480]`, peaks in 10⁹
/// operations a second.
public final class PeerTables {

  private record Training(String leg, String title, String peak) {}

  /// The tables of training steps: what their files are called, and what is compared.
  private enum Steps {
    DISTILL("training on soft targets", "teacher in every step", "stored answers"),
    TINYBERT("TinyBERT's losses", "teacher in every step", "teacher in every step");

    private final String title;
    private final String plain;
    private final String others;

    Steps(String title, String plain, String others) {
      this.title = title;
      this.plain = plain;
      this.others = others;
    }

    private String file(String leg) {
      return name().toLowerCase(Locale.ROOT) + "-" + leg;
    }

    private List<Training> rows() {
      return List.of(
          new Training("plain", "Python, Trainer, %s, fp32".formatted(plain), "peak-fp32"),
          new Training("tuned", "Python, tuned loop, %s, bf16".formatted(others), "peak-bf16"),
          new Training("retort", "Retort, %s, bf16".formatted(others), "peak-bf16"));
    }
  }

  private record Serving(String leg, String key, String title) {}

  private static final List<Serving> SERVING =
      List.of(
          new Serving("python", "transformers", "transformers, fp32, 2 threads"),
          new Serving("python", "sentence_transformers", "sentence-transformers, fp32, 2 threads"),
          new Serving("fp32-1", "retort", "retort-runtime, fp32, 1 thread"),
          new Serving("fp32-2", "retort", "retort-runtime, fp32, 2 threads that spin"),
          new Serving("int8-1", "retort", "retort-runtime, int8, 1 thread"),
          new Serving("int8-2", "retort", "retort-runtime, int8, 2 threads that spin"));

  private final Path folder;
  private final Arguments arguments;

  private PeerTables(Arguments arguments) {
    this.folder = arguments.path("results");
    this.arguments = arguments;
  }

  /// Prints the tables and writes them to `tables.md` in the folder.
  public static void main(String[] args) throws IOException {
    Arguments arguments =
        Arguments.parse(args, List.of("results"), Map.of("peak-bf16", "970", "peak-fp32", "480"));
    String tables = new PeerTables(arguments).tables();
    Files.writeString(arguments.path("results").resolve("tables.md"), tables);
    System.out.print(tables);
  }

  /// A table for each part that has been measured.
  private String tables() throws IOException {
    List<String> tables = new ArrayList<>();
    for (Steps steps : Steps.values()) {
      if (Files.exists(file(steps.file("retort"), 1))) {
        tables.add(training(steps));
      }
    }
    if (tables.isEmpty() || Files.exists(file("latency-python", 1))) {
      tables.add(serving());
    }
    return String.join("\n", tables);
  }

  private String training(Steps steps) throws IOException {
    List<JsonNode> plain = rounds(steps.file("plain"));
    List<JsonNode> tuned = rounds(steps.file("tuned"));
    double operations = median(rounds(steps.file("retort")), number("operations_per_token"));
    StringBuilder table =
        new StringBuilder(
            """
            | %s | examples/s | tokens/s | MFU | ms/step | × plain | × tuned | peak RSS |
            |---|--:|--:|--:|--:|--:|--:|--:|
            """
                .formatted(steps.title));
    for (Training row : steps.rows()) {
      List<JsonNode> own = rounds(steps.file(row.leg()));
      double tokens = median(own, number("real_tokens_per_second"));
      double peak = arguments.positive(row.peak()) * 1e9;
      ToDoubleFunction<JsonNode> examples = number("examples_per_second");
      table.append(
          "| %s | %.1f | %.0f | %.1f %% | %.1f | %.2f | %.2f | %.0f MB |%n"
              .formatted(
                  row.title(),
                  median(own, examples),
                  tokens,
                  100 * operations * tokens / peak,
                  1e3 * median(own, number("median_step_seconds")),
                  ratio(own, plain, examples),
                  ratio(own, tuned, examples),
                  median(own, number("peak_rss_bytes")) / 1e6));
    }
    return table.toString();
  }

  private String serving() throws IOException {
    List<JsonNode> python = rounds("latency-python");
    StringBuilder table =
        new StringBuilder(
            """
            | one text | p50 | p95 | p99 | transformers' p50 over this | peak RSS |
            |---|--:|--:|--:|--:|--:|
            """);
    for (Serving row : SERVING) {
      List<JsonNode> own = rounds("latency-" + row.leg());
      List<Double> ratios =
          paired(own, python, (a, b) -> p(b, "transformers", 50) / p(a, row.key(), 50));
      table.append(
          "| %s | %.2f ms | %.2f ms | %.2f ms | %.2f | %.0f MB |%n"
              .formatted(
                  row.title(),
                  median(own, node -> p(node, row.key(), 50)),
                  median(own, node -> p(node, row.key(), 95)),
                  median(own, node -> p(node, row.key(), 99)),
                  median(ratios),
                  median(own, number("peak_rss_bytes")) / 1e6));
    }
    return table.toString();
  }

  /// The results of a leg in the order of the rounds.
  private List<JsonNode> rounds(String leg) throws IOException {
    List<JsonNode> results = new ArrayList<>();
    for (int round = 1; Files.exists(file(leg, round)); round++) {
      results.add(JsonMapper.shared().readTree(Files.readString(file(leg, round))));
    }
    if (results.isEmpty()) {
      throw new IllegalArgumentException("%s is missing".formatted(file(leg, 1)));
    }
    return results;
  }

  private Path file(String leg, int round) {
    return folder.resolve("%s-%d.json".formatted(leg, round));
  }

  private static double p(JsonNode result, String key, int percent) {
    return number("p%d_ms".formatted(percent)).applyAsDouble(result.path(key));
  }

  private static ToDoubleFunction<JsonNode> number(String key) {
    return node -> {
      if (!node.path(key).isNumber()) {
        throw new IllegalArgumentException("a result has no number '%s': %s".formatted(key, node));
      }
      return node.path(key).asDouble();
    };
  }

  private static double ratio(
      List<JsonNode> own, List<JsonNode> other, ToDoubleFunction<JsonNode> value) {
    return median(paired(own, other, (a, b) -> value.applyAsDouble(a) / value.applyAsDouble(b)));
  }

  /// What `ratio` says about each round that both sides have finished.
  private static List<Double> paired(
      List<JsonNode> own, List<JsonNode> other, ToDoubleBiFunction<JsonNode, JsonNode> ratio) {
    return IntStream.range(0, Math.min(own.size(), other.size()))
        .mapToObj(round -> ratio.applyAsDouble(own.get(round), other.get(round)))
        .toList();
  }

  private static double median(List<JsonNode> results, ToDoubleFunction<JsonNode> value) {
    return median(results.stream().map(value::applyAsDouble).toList());
  }

  private static double median(List<Double> values) {
    return new Quantiles(values.stream().mapToDouble(Double::doubleValue).toArray()).median();
  }
}
