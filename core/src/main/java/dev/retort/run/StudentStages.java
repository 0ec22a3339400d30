package dev.retort.run;

import dev.retort.data.Batch;
import dev.retort.model.Network;
import dev.retort.recipe.Recipe;
import dev.retort.tensor.Tensor;
import dev.retort.train.TrainJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Trains a student through the stages of its recipe. A stage that an earlier attempt has finished
/// is read back, and one that was interrupted goes on.
///
/// @param <B> what is computed together
/// @param count how many stages there are
/// @param jobs says how each stage is trained
/// @param runner trains
record StudentStages<B extends Batch>(int count, Jobs<B> jobs, PhaseRunner runner) {

  /// How a student is trained.
  ///
  /// @param <B> what is computed together
  @FunctionalInterface
  interface Jobs<B extends Batch> {

    /// The job of training `student` in a stage, counted from 0.
    TrainJob<B> of(int stage, Network<B> student);
  }

  /// What a stage is called in messages and folders: `student`, or `student-1-intermediate`.
  static String name(Recipe recipe, int stage) {
    return recipe.stages().isEmpty()
        ? StudentPhase.STUDENT
        : "%s-%d-%s".formatted(StudentPhase.STUDENT, stage + 1, recipe.stages().get(stage).name());
  }

  /// What a stage's learning curve is called: `student`, or `student, intermediate`.
  static String title(Recipe recipe, int stage) {
    return recipe.training().size() == 1
        ? StudentPhase.STUDENT
        : "%s, %s".formatted(StudentPhase.STUDENT, recipe.training().get(stage).name());
  }

  /// Makes `student` what it is after the last stage; `folders` says where a phase of a name keeps
  /// what it makes.
  List<TrainedPhase> run(Network<B> student, Function<String, Path> folders) throws IOException {
    List<TrainedPhase> done = new ArrayList<>();
    for (int stage = 0; stage < count; stage++) {
      TrainJob<B> job = jobs.of(stage, student);
      try {
        done.add(runner.run(job, folders.apply(job.phase())));
      } finally {
        job.terms().forEach(term -> term.objective().parameters().values().forEach(Tensor::close));
      }
    }
    return done;
  }
}
