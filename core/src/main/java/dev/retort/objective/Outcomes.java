package dev.retort.objective;

import dev.retort.signal.Distribution.Aligned;
import dev.retort.signal.Distribution.Deferred;
import dev.retort.signal.Distribution.Dense;
import dev.retort.signal.Distribution.Headed;
import dev.retort.signal.Distribution.Mixture;
import dev.retort.signal.Distribution.Sampled;
import dev.retort.signal.Distribution.TopK;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.List;
import java.util.Optional;

/// What teacher and student say about the same `O` outcomes at one temperature: all `V` entries, or
/// the `K` that a sparse teacher names and one bucket for all others.
///
/// @param logPNO the teacher's log-probabilities, without history
/// @param logQNO the student's
/// @param logQNV the student's over all entries
/// @param idsNK the entries of the first `K` outcomes, if the last is a bucket
record Outcomes(Tensor logPNO, Tensor logQNO, Tensor logQNV, Optional<Tensor> idsNK) {

  /// Closest that a log-mass may come to 0, so that the log of the rest stays finite.
  private static final double CLOSEST_TO_ONE = -1e-7;

  /// The outcomes of `rows` at `temperature`.
  ///
  /// @throws IllegalStateException if the teacher's answer cannot be brought to that temperature,
  ///   or is a sample, which is no distribution to measure a divergence from
  static Outcomes of(Rows rows, double temperature) {
    Tensor logQNV = tempered(rows.logitsNV(), temperature);
    return switch (rows.requireTeacher()) {
      case Dense(Tensor logitsNV) -> dense(tempered(logitsNV.detach(), temperature), logQNV);
      case Headed _, Deferred _ ->
          of(rows.heardFrom(rows.requireTeacher().computed()), temperature);
      case Mixture mixture -> dense(mixture.logProbabilitiesNV(temperature), logQNV);
      case TopK topK -> {
        requireTemperature(topK.temperature(), temperature);
        yield new Outcomes(
            withTail(topK.logProbsNK().detach()),
            withTail(logQNV.gather(-1, topK.idsNK())),
            logQNV,
            Optional.of(topK.idsNK()));
      }
      case Sampled _ ->
          throw new IllegalStateException(
              "the teacher's answer is a sample; only forward-kl can learn from one");
      case Aligned _ ->
          throw new IllegalStateException(
              "the teacher has tokens of its own; only cross-tokenizer can learn from it");
    };
  }

  private static Outcomes dense(Tensor logPNV, Tensor logQNV) {
    return new Outcomes(logPNV, logQNV, logQNV, Optional.empty());
  }

  /// The gradient with respect to `logits / temperature` of a divergence whose derivative by each
  /// outcome's probability, times that probability, is `weightedNO`.
  ///
  /// With `h = q · ∂D/∂q` it is `h − q · Σh`. An entry of the bucket has its share of the bucket's
  /// `h`.
  Tensor gradient(Tensor weightedNO) {
    Tensor qNV = logQNV.exp();
    Tensor totalN1 = weightedNO.sum(-1, true);
    return spread(weightedNO, qNV).minus(qNV.times(totalN1));
  }

  private Tensor spread(Tensor weightedNO, Tensor qNV) {
    if (idsNK.isEmpty()) {
      return weightedNO;
    }
    long k = idsNK.get().size(-1);
    Tensor bucketN1 = weightedNO.narrow(-1, k, 1).dividedBy(logQNO.narrow(-1, k, 1).exp());
    return qNV.times(bucketN1).scatter(-1, idsNK.get(), weightedNO.narrow(-1, 0, k));
  }

  /// `log softmax(logits / temperature)`.
  static Tensor tempered(Tensor logitsNV, double temperature) {
    return Functions.logSoftmax(logitsNV.times(1 / temperature), -1);
  }

  /// Fails unless sparse probabilities were taken at the temperature they are to be used at: the
  /// mass of their tail at one temperature does not tell that at another.
  static void requireTemperature(double taken, double wanted) {
    if (taken != wanted) {
      throw new IllegalStateException(
          "an objective at temperature %s was given top-k probabilities taken at %s; their tail cannot be brought to another temperature"
              .formatted(wanted, taken));
    }
  }

  /// Log-probabilities of some outcomes, and of all others as one.
  static Tensor withTail(Tensor logNK) {
    return with(logNK, logTail(logNK));
  }

  /// Log-probabilities of some outcomes and of one more.
  static Tensor with(Tensor logNK, Tensor logTailN1) {
    return Tensors.concatenate(List.of(logNK, logTailN1), -1);
  }

  /// `log(1 − Σ exp(logNK))`, as `[N, 1]`.
  static Tensor logTail(Tensor logNK) {
    return Functions.logSumExp(logNK, -1, true).atMost(CLOSEST_TO_ONE).expm1().times(-1).log();
  }
}
