package dev.retort.run;

import dev.retort.data.Labels;
import dev.retort.model.Pretrained;
import dev.retort.recipe.Lineup;
import dev.retort.recipe.Plan;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/// The teachers of a run, all of which know the task.
///
/// @param lineup what the recipe says of them
/// @param readings the run's data in the tokens of each
/// @param teachers in recipe order
record Faculty(Lineup lineup, Readings readings, List<ReadyTeacher> teachers)
    implements AutoCloseable {

  Faculty {
    teachers = List.copyOf(teachers);
  }

  /// Gets all teachers of `plan` ready.
  ///
  /// @throws PlanException if a teacher's labels are not those of the data, before any is trained
  static Faculty gather(Plan plan, Readings readings, TeacherPhase phase) throws IOException {
    checkLabels(plan, readings.student().train().dataset().labels());
    List<ReadyTeacher> ready = new ArrayList<>();
    try {
      for (String name : plan.recipe().lineup().names()) {
        RunData own = readings.byTeacher().getOrDefault(name, readings.student());
        ready.add(phase.get(name, plan.teachers().get(ready.size()), own));
      }
      return new Faculty(plan.recipe().lineup(), readings, ready);
    } catch (IOException | RuntimeException e) {
      ready.forEach(ReadyTeacher::close);
      throw e;
    }
  }

  /// Refuses teachers with a head whose labels are not those of the data, in whatever order.
  static void checkLabels(Plan plan, Labels labels) {
    List<String> problems = new ArrayList<>();
    List<String> names = plan.recipe().lineup().names();
    for (int i = 0; i < names.size(); i++) {
      Pretrained teacher = plan.teachers().get(i);
      Set<String> own = new TreeSet<>(teacher.labels());
      Set<String> wanted = new TreeSet<>(labels.names());
      boolean decides =
          plan.recipe().task() == Task.CLASSIFICATION
              && teacher.head().isPresent()
              && !plan.recipe().lineup().teacher(names.get(i)).isRemote();
      if (decides && !own.equals(wanted)) {
        problems.add(
            "%s: the model's labels are not those of the data: %s only the model has, %s only the data"
                .formatted(
                    plan.recipe().lineup().path(names.get(i)),
                    without(own, wanted),
                    without(wanted, own)));
      }
    }
    if (!problems.isEmpty()) {
      throw new PlanException(problems);
    }
  }

  private static Set<String> without(Set<String> some, Set<String> others) {
    Set<String> left = new TreeSet<>(some);
    left.removeAll(others);
    return left;
  }

  /// The teacher that the student is cut from.
  ReadyTeacher main() {
    return teachers.stream()
        .filter(teacher -> teacher.name().equals(lineup.mainName()))
        .findFirst()
        .orElseThrow();
  }

  /// Whether there are several.
  boolean several() {
    return teachers.size() > 1;
  }

  /// The fingerprints of all teachers, by name.
  SequencedMap<String, String> fingerprints() {
    SequencedMap<String, String> fingerprints = new LinkedHashMap<>();
    teachers.forEach(teacher -> fingerprints.put(teacher.name(), teacher.fingerprint()));
    return fingerprints;
  }

  /// Seconds that fine-tuning all teachers took.
  double fineTuningSeconds() {
    return teachers.stream()
        .flatMap(teacher -> teacher.fineTuning().stream())
        .mapToDouble(TrainedPhase::seconds)
        .sum();
  }

  @Override
  public void close() {
    teachers.forEach(ReadyTeacher::close);
  }
}
