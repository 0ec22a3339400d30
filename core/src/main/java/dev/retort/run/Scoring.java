package dev.retort.run;

import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.eval.Predictions;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.model.Predictor;
import dev.retort.teacher.Survey;
import dev.retort.teacher.Teacher;
import dev.retort.train.Validator;

/// Scores classifiers by their accuracy on labelled data.
final class Scoring {

  private Scoring() {}

  /// The share of `data` whose label `model` finds.
  static double accuracy(Network<TextBatch> model, TokenizedDataset data, Precision precision) {
    Predictions predictions =
        Predictions.ofLogits(Predictor.logits(model, data, precision), labels(data.dataset()));
    return accuracy(predictions);
  }

  /// The share of `data` whose label `teacher` finds without having seen it.
  static double accuracy(Teacher<TextBatch> teacher, TokenizedDataset data) {
    return accuracy(predictions(teacher, data));
  }

  /// What `teacher` says about `data` without having seen the labels.
  static Predictions predictions(Teacher<TextBatch> teacher, TokenizedDataset data) {
    return Predictions.ofLogits(Survey.logits(teacher, data.unlabelled()), labels(data.dataset()));
  }

  /// The share of rows whose label was predicted.
  static double accuracy(Predictions predictions) {
    return predictions.right() / (double) Math.max(1, predictions.size());
  }

  /// The labels of `data`, in its order.
  static int[] labels(Dataset data) {
    return data.examples().stream().mapToInt(Example::label).toArray();
  }

  /// Accuracy on `data`.
  static Validator<TextBatch> accuracy(TokenizedDataset data, Precision precision) {
    return model -> accuracy(model, data, precision);
  }

  /// Accuracy on `data` over the teacher's, which is above 0.
  static Validator<TextBatch> retention(
      TokenizedDataset data, Precision precision, double teacherAccuracy) {
    return model -> accuracy(model, data, precision) / Math.max(1e-9, teacherAccuracy);
  }
}
