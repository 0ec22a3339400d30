package dev.retort.report;

import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A run's result in one sentence.
final class Headline {

  private Headline() {}

  /// Such as `The student keeps 98.4 % of the teacher's accuracy (97.6–99.1), answers in 1.9 ms
  /// (p95), and takes 21.3 MB: all 3 requirements met.`
  static String of(RunReport report) {
    List<String> clauses = new ArrayList<>();
    quality(report).ifPresent(clauses::add);
    measured(report, Metric.P95_LATENCY_MS)
        .map(m -> "answers in " + Format.value(Metric.P95_LATENCY_MS, m) + " (p95)")
        .ifPresent(clauses::add);
    measured(report, Metric.TOKENS_PER_SECOND)
        .map(m -> "writes " + Format.value(Metric.TOKENS_PER_SECOND, m))
        .ifPresent(clauses::add);
    measured(report, Metric.SIZE_MB)
        .map(m -> "takes " + Format.value(Metric.SIZE_MB, m))
        .ifPresent(clauses::add);
    String findings = clauses.isEmpty() ? "was not measured" : join(clauses);
    return "The student " + findings + ": " + outcome(report.verdicts()) + ".";
  }

  private static Optional<String> quality(RunReport report) {
    return measured(report, Metric.RETENTION)
        .map(m ->
            "keeps " + withInterval(Metric.RETENTION, m, " of the teacher’s " + retained(report)))
        .or(() ->
            report
                .results()
                .quality()
                .flatMap(metric ->
                    measured(report, metric)
                        .map(m -> "reaches " + withInterval(metric, m, " " + metric.label()))));
  }

  private static String retained(RunReport report) {
    return measured(report, Metric.SPEARMAN).isPresent()
        ? Metric.SPEARMAN.label()
        : Metric.ACCURACY.label();
  }

  private static String withInterval(Metric metric, Measured measured, String what) {
    String interval = Format.interval(metric, measured);
    String suffix = interval.isEmpty() ? "" : " (" + interval + ")";
    return Format.value(metric, measured) + what + suffix;
  }

  /// The number that was judged, or else the student's.
  private static Optional<Measured> measured(RunReport report, Metric metric) {
    return report.verdicts().stream()
        .filter(verdict -> verdict.requirement().metric() == metric)
        .flatMap(verdict -> verdict.measurement().stream())
        .findFirst()
        .or(() -> report.results().measurement(Kind.STUDENT, metric));
  }

  private static String outcome(List<Verdict> verdicts) {
    if (verdicts.isEmpty()) {
      return "no requirements were set";
    }
    if (Verdict.allMet(verdicts)) {
      return switch (verdicts.size()) {
        case 1 -> "the requirement is met";
        case 2 -> "both requirements met";
        default -> "all " + verdicts.size() + " requirements met";
      };
    }
    List<String> parts = new ArrayList<>();
    long met = verdicts.stream().filter(Verdict.Met.class::isInstance).count();
    parts.add(
        met
            + " of "
            + verdicts.size()
            + (verdicts.size() == 1 ? " requirement" : " requirements")
            + " met");
    named(verdicts, Verdict.Missed.class, "missed").ifPresent(parts::add);
    named(verdicts, Verdict.Unproven.class, "unproven").ifPresent(parts::add);
    return String.join("; ", parts);
  }

  private static Optional<String> named(
      List<Verdict> verdicts, Class<? extends Verdict> kind, String word) {
    List<String> names =
        verdicts.stream()
            .filter(kind::isInstance)
            .map(verdict -> verdict.requirement().metric().label())
            .toList();
    return names.isEmpty() ? Optional.empty() : Optional.of(join(names) + " " + word);
  }

  private static String join(List<String> parts) {
    int last = parts.size() - 1;
    return switch (parts.size()) {
      case 1 -> parts.getFirst();
      case 2 -> parts.getFirst() + " and " + parts.getLast();
      default -> String.join(", ", parts.subList(0, last)) + ", and " + parts.getLast();
    };
  }
}
