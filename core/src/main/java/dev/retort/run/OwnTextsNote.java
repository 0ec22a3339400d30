package dev.retort.run;

import dev.retort.data.Finding;
import dev.retort.data.Finding.Severity;
import dev.retort.train.Rollout;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a report says of the texts that a student wrote itself.
final class OwnTextsNote {

  /// Above this share of texts without an end a student has hardly heard how to end one.
  private static final double MANY = 0.5;

  private OwnTextsNote() {}

  /// A note on the texts of each phase in which the student wrote some.
  static List<Finding> of(List<TrainedPhase> phases) {
    return phases.stream()
        .flatMap(phase -> phase.rollout().map(rollout -> note(phase.phase(), rollout)).stream())
        .toList();
  }

  private static Finding note(String phase, Rollout rollout) {
    boolean many = rollout.truncatedShare() > MANY;
    String text =
        String.format(
            Locale.ROOT,
            "%s: wrote %d texts itself, %.1f tokens each, %.0f tokens a second; %.1f %% of them have no end%s; learnt again from %d",
            phase,
            rollout.texts(),
            rollout.meanTokens(),
            rollout.tokensPerSecond(),
            100 * rollout.truncatedShare(),
            many ? " (raise train.onPolicy.maxTokens, or warm up on texts that end)" : "",
            rollout.replayed());
    return new Finding(many ? Severity.WARNING : Severity.INFO, Optional.empty(), text);
  }
}
