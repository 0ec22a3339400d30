package dev.retort.train;

import dev.retort.data.Batch;
import dev.retort.data.BatchSource;
import dev.retort.model.Network;
import dev.retort.recipe.TrainSettings;
import dev.retort.signal.Need;
import dev.retort.teacher.Teacher;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Everything that decides a training run. Two equal jobs on one machine give the same student, bit
/// for bit, whether or not they were interrupted.
///
/// @param <B> what the model computes
/// @param phase what is trained: `teacher`, `student`, `baseline`
/// @param student the model to train
/// @param teacher who is asked; none when the labels are all there is to learn from
/// @param needs what the teacher is asked for
/// @param terms the losses
/// @param data the training data
/// @param settings how to train
/// @param validator how the student is scored after every epoch
/// @param rollouts what the student makes for itself to learn from
public record TrainJob<B extends Batch>(
    String phase,
    Network<B> student,
    Optional<Teacher<B>> teacher,
    Set<Need> needs,
    List<BoundTerm> terms,
    BatchSource<B> data,
    TrainSettings settings,
    Validator<B> validator,
    Rollouts<B> rollouts) {

  public TrainJob {
    needs = Set.copyOf(needs);
    terms = List.copyOf(terms);
  }

  /// A job that learns from its data alone.
  public TrainJob(
      String phase,
      Network<B> student,
      Optional<Teacher<B>> teacher,
      Set<Need> needs,
      List<BoundTerm> terms,
      BatchSource<B> data,
      TrainSettings settings,
      Validator<B> validator) {
    this(phase, student, teacher, needs, terms, data, settings, validator, Rollouts.none());
  }

  /// The same job, in which the student also learns from what it makes for itself.
  public TrainJob<B> with(Rollouts<B> some) {
    return new TrainJob<>(phase, student, teacher, needs, terms, data, settings, validator, some);
  }
}
