package dev.retort.recipe;

import static dev.retort.eval.Metric.ACCURACY;
import static dev.retort.eval.Metric.AGREEMENT;
import static dev.retort.eval.Metric.BATCH_SAMPLED_TOKENS_PER_SECOND;
import static dev.retort.eval.Metric.BATCH_TOKENS_PER_SECOND;
import static dev.retort.eval.Metric.BITS_PER_BYTE;
import static dev.retort.eval.Metric.BREAK_EVEN_REQUESTS;
import static dev.retort.eval.Metric.COST_PER_1000;
import static dev.retort.eval.Metric.EXACT_MATCH;
import static dev.retort.eval.Metric.EXPECTED_CALIBRATION_ERROR;
import static dev.retort.eval.Metric.FIRST_TOKEN_MS;
import static dev.retort.eval.Metric.MACRO_F1;
import static dev.retort.eval.Metric.NEGATIVE_LOG_LIKELIHOOD;
import static dev.retort.eval.Metric.P50_LATENCY_MS;
import static dev.retort.eval.Metric.P95_FIRST_TOKEN_MS;
import static dev.retort.eval.Metric.P95_LATENCY_MS;
import static dev.retort.eval.Metric.P99_LATENCY_MS;
import static dev.retort.eval.Metric.PARAMETERS;
import static dev.retort.eval.Metric.PERPLEXITY;
import static dev.retort.eval.Metric.PREFERENCE_ACCURACY;
import static dev.retort.eval.Metric.RETENTION;
import static dev.retort.eval.Metric.ROUGE_L;
import static dev.retort.eval.Metric.RSS_MB;
import static dev.retort.eval.Metric.SAMPLED_TOKENS_PER_SECOND;
import static dev.retort.eval.Metric.SAVING_PER_1000;
import static dev.retort.eval.Metric.SIZE_MB;
import static dev.retort.eval.Metric.SPEARMAN;
import static dev.retort.eval.Metric.TEACHER_CORRELATION;
import static dev.retort.eval.Metric.TEACHER_KL;
import static dev.retort.eval.Metric.THROUGHPUT;
import static dev.retort.eval.Metric.TOKENS_PER_SECOND;

import dev.retort.data.DataSettings;
import dev.retort.data.RowShape;
import dev.retort.eval.Metric;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What a run of each task measures about its student, and so can be required of it.
final class Measurable {

  private static final Set<Metric> DECISIONS =
      EnumSet.of(
          ACCURACY,
          MACRO_F1,
          RETENTION,
          AGREEMENT,
          EXPECTED_CALIBRATION_ERROR,
          NEGATIVE_LOG_LIKELIHOOD);

  private static final Set<Metric> VECTORS = EnumSet.of(SPEARMAN, RETENTION, TEACHER_CORRELATION);

  private static final Set<Metric> TOKENS =
      EnumSet.of(ACCURACY, RETENTION, AGREEMENT, NEGATIVE_LOG_LIKELIHOOD, PERPLEXITY);

  private static final Set<Metric> SERVING =
      EnumSet.of(
          P50_LATENCY_MS,
          P95_LATENCY_MS,
          P99_LATENCY_MS,
          THROUGHPUT,
          RSS_MB,
          COST_PER_1000,
          SAVING_PER_1000,
          BREAK_EVEN_REQUESTS);

  private static final Set<Metric> WRITING =
      EnumSet.of(
          ROUGE_L,
          FIRST_TOKEN_MS,
          P95_FIRST_TOKEN_MS,
          TOKENS_PER_SECOND,
          SAMPLED_TOKENS_PER_SECOND,
          BATCH_TOKENS_PER_SECOND,
          BATCH_SAMPLED_TOKENS_PER_SECOND,
          RSS_MB);

  private Measurable() {}

  /// Why a run of `task` on `data` does not measure `metric`; empty if it does.
  static Optional<String> problem(
      Metric metric, Task task, DataSettings data, EvaluateSettings evaluate) {
    if (of(task, data, evaluate).contains(metric)) {
      return Optional.empty();
    }
    if (metric == EXACT_MATCH && task == Task.GENERATION && !data.hasAnswers()) {
      return Optional.of(
          "needs data with answers: name the column of completions in `data.pair`, or learn from conversations");
    }
    if (task == Task.GENERATION && (metric == EXACT_MATCH || WRITING.contains(metric))) {
      return Optional.of("is not measured with `evaluate.prompts: 0`; continue some prompts");
    }
    return Optional.of(
        "is not measured for task %s; %s are"
            .formatted(task.recipeName(), of(task, data, evaluate)));
  }

  private static Set<Metric> of(Task task, DataSettings data, EvaluateSettings evaluate) {
    Set<Metric> metrics = EnumSet.of(SIZE_MB, PARAMETERS);
    switch (task) {
      case CLASSIFICATION -> {
        metrics.addAll(DECISIONS);
        metrics.addAll(SERVING);
      }
      case EMBEDDING -> {
        metrics.addAll(VECTORS);
        metrics.addAll(SERVING);
      }
      case MASKED_LM -> metrics.addAll(TOKENS);
      case GENERATION -> {
        metrics.addAll(TOKENS);
        metrics.addAll(Set.of(TEACHER_KL, BITS_PER_BYTE));
        if (data.rows() == RowShape.PREFERENCES) {
          metrics.add(PREFERENCE_ACCURACY);
        }
        if (evaluate.prompts() > 0) {
          metrics.addAll(WRITING);
          metrics.addAll(data.hasAnswers() ? Set.of(EXACT_MATCH) : Set.of());
        }
      }
    }
    return metrics;
  }
}
