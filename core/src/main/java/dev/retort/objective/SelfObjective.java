package dev.retort.objective;

import dev.retort.signal.Need;
import java.util.Set;

/// An objective by which a student teaches itself: it sees what the student computes inside, the
/// student's own decisions, and the labels. No teacher is asked.
public non-sealed interface SelfObjective extends Objective {

  @Override
  default Set<Need> needs() {
    return Set.of();
  }

  @Override
  BoundSelf bind(ModelShape teacher, ModelShape student, long seed);
}
