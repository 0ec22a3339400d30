package dev.retort.eval;

import static dev.retort.eval.Bound.AT_LEAST;
import static dev.retort.eval.Bound.AT_MOST;

import java.util.Arrays;
import java.util.Optional;

/// What can be measured about a model, in the order in which reports show it.
public enum Metric {
  ACCURACY(
      "accuracy", "accuracy", Unit.SHARE, AT_LEAST, "test rows whose predicted class is the label"),
  MACRO_F1("macroF1", "macro F1", Unit.SHARE, AT_LEAST, "F1 averaged over classes, each alike"),
  SPEARMAN(
      "spearman",
      "rank correlation",
      Unit.NUMBER,
      AT_LEAST,
      "Spearman’s correlation of the model’s similarities with people’s scores"),
  RETENTION(
      "retention",
      "retention",
      Unit.RATIO,
      AT_LEAST,
      "the student’s accuracy, or rank correlation, over the teacher’s"),
  AGREEMENT(
      "agreement",
      "agreement",
      Unit.SHARE,
      AT_LEAST,
      "rows where student and teacher choose alike"),
  TEACHER_CORRELATION(
      "teacherCorrelation",
      "correlation with teacher",
      Unit.NUMBER,
      AT_LEAST,
      "Spearman’s correlation of the student’s similarities with the teacher’s"),
  TEACHER_KL(
      "teacherKl",
      "KL from teacher",
      Unit.NUMBER,
      AT_MOST,
      "mean KL(teacher ‖ model) of the next token’s distribution, in nats"),
  PREFERENCE_ACCURACY(
      "preferenceAccuracy",
      "preferences",
      Unit.SHARE,
      AT_LEAST,
      "pairs of answers of which the model finds the preferred one likelier"),
  EXACT_MATCH(
      "exactMatch",
      "exact match",
      Unit.SHARE,
      AT_LEAST,
      "completions that give the answer of the data"),
  ROUGE_L(
      "rougeL",
      "ROUGE-L",
      Unit.SHARE,
      AT_LEAST,
      "F-measure of the longest common subsequence with the data’s completion"),
  EXPECTED_CALIBRATION_ERROR(
      "ece",
      "calibration error",
      Unit.NUMBER,
      AT_MOST,
      "gap between confidence and accuracy, 15 bins"),
  NEGATIVE_LOG_LIKELIHOOD(
      "nll", "log loss", Unit.NUMBER, AT_MOST, "mean −ln of the label’s probability, in nats"),
  PERPLEXITY("perplexity", "perplexity", Unit.NUMBER, AT_MOST, "e to the log loss"),
  BITS_PER_BYTE(
      "bitsPerByte",
      "bits per byte",
      Unit.NUMBER,
      AT_MOST,
      "what the tokens of a completion cost in bits, over its bytes in UTF-8"),
  P50_LATENCY_MS("p50LatencyMs", "p50 latency", Unit.MILLISECONDS, AT_MOST, "median request"),
  P95_LATENCY_MS(
      "p95LatencyMs", "p95 latency", Unit.MILLISECONDS, AT_MOST, "95 of 100 requests are faster"),
  P99_LATENCY_MS(
      "p99LatencyMs", "p99 latency", Unit.MILLISECONDS, AT_MOST, "99 of 100 requests are faster"),
  THROUGHPUT(
      "throughput", "throughput", Unit.TEXTS_PER_SECOND, AT_LEAST, "texts answered per second"),
  FIRST_TOKEN_MS(
      "firstTokenMs",
      "first token",
      Unit.MILLISECONDS,
      AT_MOST,
      "from a prompt to the first token of its completion, median"),
  P95_FIRST_TOKEN_MS(
      "p95FirstTokenMs",
      "p95 first token",
      Unit.MILLISECONDS,
      AT_MOST,
      "95 of 100 prompts get their first token faster"),
  TOKENS_PER_SECOND(
      "tokensPerSecond",
      "greedy speed",
      Unit.TOKENS_PER_SECOND,
      AT_LEAST,
      "tokens written per second, one text at a time, the likeliest token each time"),
  SAMPLED_TOKENS_PER_SECOND(
      "sampledTokensPerSecond",
      "sampled speed",
      Unit.TOKENS_PER_SECOND,
      AT_LEAST,
      "tokens written per second, one text at a time, tokens drawn"),
  BATCH_TOKENS_PER_SECOND(
      "batchTokensPerSecond",
      "greedy batch speed",
      Unit.TOKENS_PER_SECOND,
      AT_LEAST,
      "tokens written per second, several texts at once, the likeliest token each time"),
  BATCH_SAMPLED_TOKENS_PER_SECOND(
      "batchSampledTokensPerSecond",
      "sampled batch speed",
      Unit.TOKENS_PER_SECOND,
      AT_LEAST,
      "tokens written per second, several texts at once, tokens drawn"),
  SIZE_MB("sizeMb", "size", Unit.MEGABYTES, AT_MOST, "the model’s files on disk"),
  RSS_MB("rssMb", "memory", Unit.MEGABYTES, AT_MOST, "resident memory of the process at its peak"),
  PARAMETERS("parameters", "parameters", Unit.COUNT, AT_MOST, "weights of the model"),
  TRAINED_PARAMETERS(
      "trainedParameters",
      "trained parameters",
      Unit.COUNT,
      AT_MOST,
      "weights of adapters that were trained beside frozen ones, and are merged into them"),
  COST_PER_1000(
      "costPer1000",
      "cost per 1,000",
      Unit.PRICE,
      AT_MOST,
      "what answering 1,000 requests costs: the machine, or an API’s price"),
  SAVING_PER_1000(
      "savingPer1000",
      "saving per 1,000",
      Unit.PRICE,
      AT_LEAST,
      "teacher’s price less the student’s cost, for 1,000 requests"),
  BREAK_EVEN_REQUESTS(
      "breakEvenRequests",
      "break-even requests",
      Unit.COUNT,
      AT_MOST,
      "requests after which the saving has paid for the training");

  private final String recipeName;
  private final String label;
  private final Unit unit;
  private final Bound bound;
  private final String description;

  Metric(String recipeName, String label, Unit unit, Bound bound, String description) {
    this.recipeName = recipeName;
    this.label = label;
    this.unit = unit;
    this.bound = bound;
    this.description = description;
  }

  /// The name in a recipe and in JSON, such as `p95LatencyMs`.
  public String recipeName() {
    return recipeName;
  }

  /// The name for people, such as `p95 latency`.
  public String label() {
    return label;
  }

  public Unit unit() {
    return unit;
  }

  /// The one bound that makes sense: at least where higher is better, at most where lower is.
  public Bound bound() {
    return bound;
  }

  public boolean higherIsBetter() {
    return bound == AT_LEAST;
  }

  /// What is measured, in a few words.
  public String description() {
    return description;
  }

  /// The metric with this name in a recipe, or empty when there is none.
  public static Optional<Metric> ofRecipeName(String name) {
    return Arrays.stream(values()).filter(metric -> metric.recipeName.equals(name)).findFirst();
  }

  /// The name in a recipe, which is also what JSON shows.
  @Override
  public String toString() {
    return recipeName;
  }
}
