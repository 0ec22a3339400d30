package dev.retort.report;

import dev.retort.eval.Verdict;
import java.util.List;

/// How a verdict looks: a symbol and a word, so that colour is never the only carrier.
enum Mark {
  MET("✓", "met"),
  UNPROVEN("?", "unproven"),
  MISSED("✗", "missed");

  private final String symbol;
  private final String word;

  Mark(String symbol, String word) {
    this.symbol = symbol;
    this.word = word;
  }

  String symbol() {
    return symbol;
  }

  String word() {
    return word;
  }

  static Mark of(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Met _ -> MET;
      case Verdict.Missed _ -> MISSED;
      case Verdict.Unproven _ -> UNPROVEN;
    };
  }

  /// The worst mark among verdicts.
  static Mark overall(List<Verdict> verdicts) {
    return verdicts.stream().map(Mark::of).max(Mark::compareTo).orElse(MET);
  }

  /// The outcome of a whole run in a few words.
  static String outcome(List<Verdict> verdicts) {
    if (verdicts.isEmpty()) {
      return "No requirements set";
    }
    return switch (overall(verdicts)) {
      case MET -> "Requirements met";
      case UNPROVEN -> "Requirements not proven";
      case MISSED -> "Requirements not met";
    };
  }
}
