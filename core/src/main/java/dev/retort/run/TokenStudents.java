package dev.retort.run;

import dev.retort.data.Batch;
import dev.retort.model.Network;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// What training on tokens made.
///
/// @param <B> what is computed together
/// @param student the taught student
/// @param taught how it was trained, stage by stage
/// @param baseline the same student, trained on the tokens alone
/// @param alone how that was trained
record TokenStudents<B extends Batch>(
    Network<B> student,
    List<TrainedPhase> taught,
    Optional<Network<B>> baseline,
    Optional<TrainedPhase> alone)
    implements AutoCloseable {

  /// Trains the student of `lesson`, and its baseline if the recipe wants one.
  static <B extends Batch> TokenStudents<B> train(
      TokenLesson<B> lesson, RunFolder folder, RunTools tools) throws IOException {
    Clock clock = tools.clock();
    PhaseRunner runner = tools.runner();
    Network<B> student = lesson.untrained();
    StudentStages<B> stages =
        new StudentStages<>(lesson.recipe().training().size(), lesson::taught, runner);
    List<TrainedPhase> taught = clock.time("student", () -> stages.run(student, folder::phase));
    if (!lesson.recipe().baseline()) {
      return new TokenStudents<>(student, taught, Optional.empty(), Optional.empty());
    }
    Network<B> baseline = lesson.untrained();
    TrainedPhase alone =
        clock.time(
            "baseline",
            () -> runner.run(lesson.alone(baseline), folder.phase(StudentPhase.BASELINE)));
    return new TokenStudents<>(student, taught, Optional.of(baseline), Optional.of(alone));
  }

  @Override
  public void close() {
    student.close();
    baseline.ifPresent(Network::close);
  }
}
