package dev.retort.eval;

import java.util.Collection;
import java.util.Optional;

/// What a measurement says about a requirement.
public sealed interface Verdict {

  Requirement requirement();

  /// What was measured, or empty when nothing was.
  Optional<Measured> measurement();

  /// The whole interval clears the bar.
  record Met(Requirement requirement, Measured measured) implements Verdict {

    @Override
    public Optional<Measured> measurement() {
      return Optional.of(measured);
    }
  }

  /// The whole interval lies on the wrong side of the bar.
  record Missed(Requirement requirement, Measured measured) implements Verdict {

    @Override
    public Optional<Measured> measurement() {
      return Optional.of(measured);
    }
  }

  /// The run cannot tell: the bar lies inside the interval, or nothing was measured.
  record Unproven(Requirement requirement, Optional<Measured> measurement, String reason)
      implements Verdict {

    static Unproven tooClose(Requirement requirement, Measured measured) {
      return new Unproven(
          requirement, Optional.of(measured), "the limit lies inside the 95 % interval");
    }

    /// Unproven because there is no measurement, for the reason given.
    public static Unproven notMeasured(Requirement requirement, String reason) {
      return new Unproven(requirement, Optional.empty(), reason);
    }
  }

  /// Whether every requirement is met; so it is when there is none.
  static boolean allMet(Collection<? extends Verdict> verdicts) {
    return verdicts.stream().allMatch(Met.class::isInstance);
  }

  /// The exit code of a run with these verdicts: 0 when all are met, otherwise 1.
  static int exitCode(Collection<? extends Verdict> verdicts) {
    return allMet(verdicts) ? 0 : 1;
  }
}
