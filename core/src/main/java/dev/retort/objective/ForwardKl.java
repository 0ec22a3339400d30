package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.signal.Distribution.Dense;
import dev.retort.signal.Distribution.TopK;
import dev.retort.signal.Need;
import dev.retort.tensor.Functions;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.List;
import java.util.Set;

/// Forward KL divergence at a temperature (Hinton et al. 2015, section 2):
///
/// ```
/// T² · Σᵥ p(v) · (log p(v) − log q(v))      p = softmax(t/T),  q = softmax(s/T)
/// ```
///
/// The gradient with respect to the student's logits is `T · (q − p)`; the `T²` keeps its size
/// independent of `T`. It is the divergence and not the soft cross-entropy: exactly zero where
/// student and teacher agree.
///
/// With a top-k teacher the sum runs over its `K` entries and one bucket for all others, `1 − Σ p`
/// against `1 − Σ q`: a true divergence of `K + 1` outcomes and a lower bound of the full one.
/// Nothing is renormalised.
///
/// @param temperature T, above 0
@Named("forward-kl")
@Doc("Forward KL from the teacher's softened distribution, times T² (Hinton et al. 2015).")
public record ForwardKl(
    @Default("1.0") @Doc("Temperature that divides the logits of both sides, above 0.")
        double temperature)
    implements RowObjective {

  /// Closest that a log-mass may come to 0, so that the log of the rest stays finite.
  private static final double CLOSEST_TO_ONE = -1e-7;

  public ForwardKl {
    Check.positive("temperature", temperature);
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.DISTRIBUTION);
  }

  @Override
  public Tensor sum(Rows rows) {
    Tensor logQNV = tempered(rows.logitsNV());
    Tensor divergence =
        switch (rows.requireTeacher()) {
          case Dense(Tensor teacherNV) -> divergence(tempered(teacherNV.detach()), logQNV);
          case TopK topK -> divergence(withTail(logProbs(topK)), withTail(gather(topK, logQNV)));
        };
    return divergence.times(temperature * temperature);
  }

  @Override
  public RowLoss lossAndGradient(Rows rows) {
    try (NoGrad _ = NoGrad.open()) {
      return switch (rows.requireTeacher()) {
        case Dense(Tensor teacherNV) -> dense(rows.logitsNV(), teacherNV);
        case TopK topK -> topK(rows.logitsNV(), topK);
      };
    }
  }

  private RowLoss dense(Tensor studentNV, Tensor teacherNV) {
    Tensor logPNV = tempered(teacherNV);
    Tensor logQNV = tempered(studentNV);
    return new RowLoss(
        divergence(logPNV, logQNV).times(temperature * temperature),
        logQNV.exp().minus(logPNV.exp()).times(temperature));
  }

  /// Inside the top k the gradient is `q − p`; outside, the student's own mass there scaled by what
  /// it has too much of: `q · (1 − (1 − P)/(1 − Q))`.
  private RowLoss topK(Tensor studentNV, TopK topK) {
    Tensor logPNK = logProbs(topK);
    Tensor logQNV = tempered(studentNV);
    Tensor logQNK = gather(topK, logQNV);
    Tensor excessN1 = logTail(logPNK).minus(logTail(logQNK)).exp();
    Tensor outsideNV = logQNV.exp().times(excessN1.times(-1).plus(1));
    Tensor insideNK = logQNK.exp().minus(logPNK.exp());
    return new RowLoss(
        divergence(withTail(logPNK), withTail(logQNK)).times(temperature * temperature),
        outsideNV.scatter(-1, topK.idsNK(), insideNK).times(temperature));
  }

  private Tensor tempered(Tensor logitsNV) {
    return Functions.logSoftmax(logitsNV.times(1 / temperature), -1);
  }

  private Tensor logProbs(TopK topK) {
    if (topK.temperature() != temperature) {
      throw new IllegalStateException(
          "forward-kl at temperature %s was given top-k probabilities taken at %s; their tail cannot be brought to another temperature"
              .formatted(temperature, topK.temperature()));
    }
    return topK.logProbsNK().detach();
  }

  private static Tensor gather(TopK topK, Tensor logQNV) {
    return logQNV.gather(-1, topK.idsNK());
  }

  private static Tensor divergence(Tensor logPNV, Tensor logQNV) {
    return logPNV.exp().times(logPNV.minus(logQNV)).sum();
  }

  private static Tensor withTail(Tensor logNK) {
    return Tensors.concatenate(List.of(logNK, logTail(logNK)), -1);
  }

  /// `log(1 − Σ exp(logNK))`, as `[N, 1]`.
  private static Tensor logTail(Tensor logNK) {
    return Functions.logSumExp(logNK, -1, true).atMost(CLOSEST_TO_ONE).expm1().times(-1).log();
  }
}
