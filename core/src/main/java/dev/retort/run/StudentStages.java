package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.teacher.Teacher;
import dev.retort.tensor.Tensor;
import dev.retort.train.TrainJob;
import dev.retort.train.Validator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Trains a student through the stages of its recipe. A stage that an earlier attempt has finished
/// is read back, and one that was interrupted goes on.
///
/// @param phase says how each stage is trained
/// @param answers who teaches
/// @param quality scores the student's answers, computed in a precision
/// @param runner trains
record StudentStages(
    StudentPhase phase,
    Teacher<TextBatch> answers,
    Function<Precision, Validator<TextBatch>> quality,
    PhaseRunner runner) {

  /// Makes `student` what it is after the last stage; `folders` says where a phase of a name keeps
  /// what it makes.
  List<TrainedPhase> run(Network<TextBatch> student, Function<String, Path> folders)
      throws IOException {
    List<TrainedPhase> done = new ArrayList<>();
    for (int stage = 0; stage < phase.plan().recipe().training().size(); stage++) {
      TrainJob<TextBatch> job = phase.taught(stage, student, answers, quality);
      try {
        done.add(runner.run(job, folders.apply(job.phase())));
      } finally {
        job.terms().forEach(term -> term.objective().parameters().values().forEach(Tensor::close));
      }
    }
    return done;
  }
}
