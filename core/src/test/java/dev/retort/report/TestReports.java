package dev.retort.report;

import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Small reports for tests.
final class TestReports {

  private TestReports() {}

  /// A report in which everything that may be missing is.
  static RunReport empty() {
    return with(List.of(), new Results(List.of(), List.of(), List.of()));
  }

  /// A report with these verdicts and results, and nothing else.
  static RunReport with(List<Verdict> verdicts, Results results) {
    return new RunReport(
        new Run(
            "tiny",
            "classification",
            new DataSummary(List.of(), Optional.empty(), List.of()),
            new Provenance(
                "name: tiny\n",
                "none",
                Map.of(),
                new Environment(Map.of(), Optional.empty(), "some processor", 2),
                new Timing(
                    Instant.parse("2026-01-01T00:00:00Z"),
                    Instant.parse("2026-01-01T00:01:00Z"),
                    Map.of()))),
        verdicts,
        results,
        List.of(),
        new Delivery(List.of(), List.of()));
  }

  /// A student of which only these numbers are known.
  static Results student(Map<Metric, Measured> measurements) {
    return new Results(
        List.of(Evaluation.of("student", Kind.STUDENT).with(measurements)), List.of(), List.of());
  }

  /// A report whose every text is this one.
  static RunReport saying(String text) {
    RunReport plain = ExampleReport.report();
    Results results =
        new Results(
            plain.results().evaluations().stream()
                .map(e -> new Evaluation(text, e.kind(), e.measurements(), e.classification()))
                .toList(),
            plain.results().comparisons(),
            List.of(
                new Disagreement(
                    text,
                    text,
                    new Disagreement.Answer(text, 0.9),
                    new Disagreement.Answer(text, 1))));
    Run run = plain.run();
    return new RunReport(
        new Run(
            text,
            text,
            new DataSummary(run.data().splits(), run.data().balance(), List.of(text)),
            new Provenance(
                text,
                text,
                Map.of(text, 1L),
                new Environment(Map.of(text, text), Optional.of(text), text, 2),
                run.provenance().timing())),
        plain.verdicts(),
        results,
        List.of(
            new LearningCurve(
                text,
                Kind.STUDENT,
                plain.curves().getFirst().loss(),
                plain.curves().getFirst().validation())),
        new Delivery(
            List.of(new Delivery.Artefact(text, 1, text)),
            List.of(new Delivery.NextStep(text, text))));
  }
}
