package dev.retort.report;

import dev.retort.eval.Verdict;
import java.util.List;

/// Everything a reader wants to know about one run. All writers of this package read this tree and
/// nothing else, and JSON keeps all of it.
///
/// Every list may be empty and every optional absent: a report shows what there is.
public record RunReport(
    Run run,
    List<Verdict> verdicts,
    Results results,
    List<LearningCurve> curves,
    Delivery delivery) {

  public RunReport {
    verdicts = List.copyOf(verdicts);
    curves = List.copyOf(curves);
  }

  /// The same report of a run of several rounds.
  public RunReport withRounds(List<Round> rounds) {
    return new RunReport(run.withRounds(rounds), verdicts, results, curves, delivery);
  }
}
