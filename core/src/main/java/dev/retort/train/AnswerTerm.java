package dev.retort.train;

import dev.retort.data.SequenceBatch;
import dev.retort.model.LinearHead;
import dev.retort.model.TokenBatches;
import dev.retort.objective.AnswerObjective;
import dev.retort.objective.AnswerObjective.AnswerLoss;
import dev.retort.objective.AnswerObjective.Answers;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.HeadLoss;
import dev.retort.objective.HeadRows;
import dev.retort.objective.TeacherRows;
import dev.retort.signal.Distribution;
import dev.retort.signal.Signals;
import dev.retort.tensor.Chunks;
import dev.retort.tensor.Functions;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.List;
import java.util.Optional;

/// A loss over pairs of answers, whose log-probabilities are read off a head some rows at a time.
///
/// The gradient of an answer's log-probability by a row's logits is `onehot(label) − q`, that of
/// cross-entropy with its sign turned; so a pair's loss is cross-entropy whose rows weigh what the
/// loss changes with their answer, which is known once both answers of the pair have been read.
///
/// @param objective compares answers
/// @param head of the student
/// @param hiddenND what it reads, without history, `[N, D]`
/// @param batch pairs: preferred answers at even places, the others at odd ones
record AnswerTerm(
    AnswerObjective objective, LinearHead head, Tensor hiddenND, SequenceBatch batch) {

  /// What a loss gives.
  ///
  /// @param sum added up over pairs
  /// @param hiddenND its gradient, times the scale, by the hidden states
  record Found(double sum, Tensor hiddenND) {}

  /// The loss added up over pairs.
  double sum(Signals reference) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      return objective.sum(own(), answers(distribution(reference))).item();
    }
  }

  /// The loss; `scale` times its gradient is added to the head's, unless that is frozen.
  Found backward(Signals reference, double scale) {
    AnswerLoss loss = objective.lossAndGradient(own(), answers(distribution(reference)));
    HeadLoss behind = HeadLoss.of(head, List.of(new HeadLoss.Term(new CrossEntropy(0), scale)));
    HeadRows rows =
        new HeadRows(
            hiddenND,
            TeacherRows.none(),
            TokenBatches.labels(batch),
            Optional.of(weightsN(loss.gradient())));
    return new Found(loss.sum(), behind.lossAndGradient(rows, head.gathered()).hiddenND());
  }

  /// What the loss changes with the log-probability of each row's answer, its sign turned.
  private Tensor weightsN(Answers gradient) {
    float[] chosen = gradient.chosenN().toFloats();
    float[] rejected = gradient.rejectedN().toFloats();
    long[] owners = batch.owners();
    float[] weights = new float[owners.length];
    for (int row = 0; row < weights.length; row++) {
      int pair = Math.toIntExact(owners[row] / 2);
      weights[row] = -(owners[row] % 2 == 0 ? chosen[pair] : rejected[pair]);
    }
    return Tensors.of(weights, weights.length);
  }

  private static Distribution distribution(Signals reference) {
    return reference
        .distribution()
        .orElseThrow(() -> new IllegalStateException("nobody is there to compare answers with"));
  }

  private Answers own() {
    return answers(new Distribution.Headed(hiddenND, head.in(hiddenND.dtype())));
  }

  /// The log-probability of every answer.
  private Answers answers(Distribution distribution) {
    double[] ofAnswers = batch.addedUp(labelLogProbabilities(distribution));
    int pairs = batch.size();
    float[] chosen = new float[pairs];
    float[] rejected = new float[pairs];
    for (int pair = 0; pair < pairs; pair++) {
      chosen[pair] = (float) ofAnswers[2 * pair];
      rejected[pair] = (float) ofAnswers[2 * pair + 1];
    }
    return new Answers(Tensors.of(chosen, pairs), Tensors.of(rejected, pairs));
  }

  private double[] labelLogProbabilities(Distribution distribution) {
    Tensor labelsN = TokenBatches.labels(batch);
    double[] all = new double[batch.labels().length];
    try (NoGrad _ = NoGrad.open()) {
      Chunks.visit(
          all.length,
          HeadLoss.chunkRows(head),
          (first, count) -> {
            double[] some =
                Functions.logSoftmax(logits(distribution.slice(first, count)), -1)
                    .gather(-1, labelsN.narrow(0, first, count).unsqueeze(-1))
                    .toDoubles();
            System.arraycopy(some, 0, all, Math.toIntExact(first), some.length);
          });
    }
    return all;
  }

  private static Tensor logits(Distribution slice) {
    if (slice instanceof Distribution.Dense(var logitsNV)) {
      return logitsNV;
    }
    throw new IllegalStateException(
        "answers need the logits of their tokens, but the reference gave "
            + slice.getClass().getSimpleName());
  }
}
