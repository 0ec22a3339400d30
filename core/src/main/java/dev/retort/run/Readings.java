package dev.retort.run;

import dev.retort.model.Pretrained;
import dev.retort.recipe.Lineup;
import dev.retort.recipe.Plan;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/// The data of a run as each of its teachers reads them: one and the same object where two have the
/// same tokenizer and length limit.
///
/// @param byTeacher the data in each teacher's tokens, by name
/// @param student the data in the student's tokens
record Readings(SequencedMap<String, RunData> byTeacher, RunData student) {

  /// The data of a run with a single teacher.
  static Readings of(String teacher, RunData own, RunData student) {
    SequencedMap<String, RunData> byTeacher = new LinkedHashMap<>();
    byTeacher.put(teacher, own);
    return new Readings(byTeacher, student);
  }

  /// Tokenizes `checked` for all models of `plan`.
  static Readings of(Plan plan, CheckedData checked) throws IOException {
    Lineup lineup = plan.recipe().lineup();
    SequencedMap<String, RunData> byTeacher = new LinkedHashMap<>();
    for (String name : lineup.names()) {
      byTeacher.put(name, reading(name, plan, checked, byTeacher));
    }
    RunData main = Objects.requireNonNull(byTeacher.get(lineup.mainName()));
    RunData student =
        plan.sharedTokens() ? main : RunData.of(plan.source(), checked, lineup.main().maxLength());
    return new Readings(byTeacher, student);
  }

  /// What the teacher of this name reads: the very data that one before it reads, if it can be.
  private static RunData reading(
      String name, Plan plan, CheckedData checked, Map<String, RunData> before) throws IOException {
    Lineup lineup = plan.recipe().lineup();
    Pretrained teacher = plan.teachers().get(lineup.names().indexOf(name));
    int maxLength = lineup.teacher(name).maxLength();
    for (Map.Entry<String, RunData> other : before.entrySet()) {
      Pretrained model = plan.teachers().get(lineup.names().indexOf(other.getKey()));
      if (lineup.teacher(other.getKey()).maxLength() == maxLength
          && model.sharesTokensWith(teacher)) {
        return other.getValue();
      }
    }
    return RunData.of(teacher, checked, maxLength);
  }
}
