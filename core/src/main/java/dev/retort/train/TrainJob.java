package dev.retort.train;

import dev.retort.data.TokenizedDataset;
import dev.retort.model.TextClassifier;
import dev.retort.recipe.TrainSettings;
import dev.retort.signal.Need;
import dev.retort.teacher.Teacher;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Everything that decides a training run. Two equal jobs on one machine give the same student, bit
/// for bit, whether or not they were interrupted.
///
/// @param phase what is trained: `teacher`, `student`, `baseline`
/// @param student the model to train
/// @param teacher who is asked; none when the labels are all there is to learn from
/// @param needs what the teacher is asked for
/// @param terms the losses
/// @param data the training data
/// @param settings how to train
/// @param validator how the student is scored after every epoch
public record TrainJob(
    String phase,
    TextClassifier student,
    Optional<Teacher> teacher,
    Set<Need> needs,
    List<BoundTerm> terms,
    TokenizedDataset data,
    TrainSettings settings,
    Validator validator) {

  public TrainJob {
    needs = Set.copyOf(needs);
    terms = List.copyOf(terms);
  }
}
