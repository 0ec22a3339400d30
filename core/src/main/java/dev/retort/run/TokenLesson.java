package dev.retort.run;

import dev.retort.data.Batch;
import dev.retort.eval.Bootstrap;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Predictions;
import dev.retort.export.CardKind;
import dev.retort.model.Network;
import dev.retort.recipe.Recipe;
import dev.retort.report.Results;
import dev.retort.train.TrainJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What is taught where models find tokens, hidden ones or the next ones: who teaches, who learns
/// and how they are asked. What a run does with it is the same for both.
///
/// @param <B> what is computed together
interface TokenLesson<B extends Batch> {

  /// What was asked for.
  Recipe recipe();

  /// The texts, tokenized.
  RunData texts();

  /// Hash of all that the teacher's answers depend on.
  String fingerprint();

  /// A student before it has learnt anything.
  Network<B> untrained() throws IOException;

  /// The job of training `model` in a stage, counted from 0, on the tokens and on what the teacher
  /// says.
  TrainJob<B> taught(int stage, Network<B> model);

  /// The job of training `model` on the tokens alone.
  TrainJob<B> alone(Network<B> model);

  /// What `model` says about the tokens of the test data.
  Predictions predictions(Network<B> model);

  /// What a teacher says about the tokens of the test data.
  ///
  /// @param name what reports call it
  /// @param size how many weights it has
  record Heard(String name, Map<Metric, Measured> size, Predictions predictions) {}

  /// What the teachers say, the one first that the student is compared with: the only one, or all
  /// of them together.
  List<Heard> ofTeachers() throws IOException;

  /// Whether teacher and student find the same tokens, and so can be compared one by one.
  default boolean sharesTokens() {
    return true;
  }

  /// What the `predictions` of a model of this kind tell about whole texts; mostly nothing.
  default Map<Metric, Measured> ofTexts(Kind kind, Predictions predictions, Bootstrap bootstrap)
      throws IOException {
    return Map.of();
  }

  /// Writes the student into its places in `folder`.
  void export(Network<B> student, RunFolder folder) throws IOException;

  /// What the student is.
  CardKind kind();

  /// `results` of teacher, student and, if there is one, baseline, with what else such models are
  /// measured by; most by nothing.
  ///
  /// @param student the folder that the student was written into
  default Results further(
      Results results, TokenStudents<B> trained, Path student, RunListener listener)
      throws IOException {
    return results;
  }
}
