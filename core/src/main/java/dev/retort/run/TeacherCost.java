package dev.retort.run;

import dev.retort.eval.Measured;
import java.util.Optional;

/// What answers of a teacher behind an API did cost, in dollars.
///
/// @param per1000 for 1,000 texts, if that was measured
/// @param answers all that were paid for on the recipe's account
record TeacherCost(Optional<Measured> per1000, double answers) {

  /// That of local teachers, whose answers cost the time that they take.
  static final TeacherCost NONE = new TeacherCost(Optional.empty(), 0);
}
