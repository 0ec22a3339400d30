package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.signal.Distribution.Sampled;
import dev.retort.tensor.InPlace;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.WideRows;

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
/// Nothing is renormalised. Of a sample `p` is the shares of the draws, and the gradient that of
/// the whole distribution in the mean over many samples (Anshumann et al. 2025, arXiv 2503.16870).
///
/// @param temperature T, above 0
@Named("forward-kl")
@Doc("Forward KL from the teacher's softened distribution, times T² (Hinton et al. 2015).")
public record ForwardKl(
    @Default("1.0") @Doc("Temperature that divides the logits of both sides, above 0.")
        double temperature)
    implements DivergenceObjective {

  /// Stands for the logarithm's argument where a weight is 0; 0 · log of it is 0.
  private static final double SMALLEST_WEIGHT = 1e-30;

  public ForwardKl {
    Check.positive("temperature", temperature);
  }

  @Override
  public Divergence divergence() {
    return new Divergences.Forward();
  }

  @Override
  public boolean learnsFromSamples() {
    return true;
  }

  @Override
  public Tensor sum(Rows rows) {
    return rows.requireTeacher() instanceof Sampled sampled
        ? ofSample(
            Outcomes.tempered(rows.logitsNV(), temperature).gather(-1, sampled.idsNK()), sampled)
        : DivergenceObjective.super.sum(rows);
  }

  @Override
  public RowLoss lossAndGradient(Rows rows) {
    if (!(rows.requireTeacher() instanceof Sampled sampled)) {
      return DivergenceObjective.super.lossAndGradient(rows);
    }
    try (NoGrad _ = NoGrad.open()) {
      Tensor logQNV = Outcomes.tempered(rows.logitsNV(), temperature);
      Tensor qNV = logQNV.exp();
      Tensor drawnNK = qNV.gather(-1, sampled.idsNK()).minus(sampled.weightsNK());
      return new RowLoss(
          ofSample(logQNV.gather(-1, sampled.idsNK()), sampled),
          qNV.scatter(-1, sampled.idsNK(), drawnNK).times(temperature));
    }
  }

  @Override
  public RowLoss lossAndGradientInPlace(Rows rows) {
    if (!(rows.requireTeacher() instanceof Sampled sampled) || !WideRows.canRead(rows.logitsNV())) {
      return DivergenceObjective.super.lossAndGradientInPlace(rows);
    }
    try (NoGrad _ = NoGrad.open()) {
      SparseRows student = SparseRows.takeOver(rows.logitsNV(), sampled.idsNK(), temperature);
      Tensor drawnNK = student.logQNK().exp().minus(sampled.weightsNK());
      InPlace.scatter(student.qNV(), -1, sampled.idsNK(), drawnNK);
      return new RowLoss(
          ofSample(student.logQNK(), sampled), student.qNV().timesInPlace(temperature));
    }
  }

  private Tensor ofSample(Tensor logQNK, Sampled sampled) {
    Outcomes.requireTemperature(sampled.temperature(), temperature);
    Tensor weightsNK = sampled.weightsNK().detach();
    Tensor logWeightsNK = weightsNK.atLeast(SMALLEST_WEIGHT).log();
    return weightsNK.times(logWeightsNK.minus(logQNK)).sum().times(temperature * temperature);
  }
}
