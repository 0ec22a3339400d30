package dev.retort.objective;

import dev.retort.signal.Need;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Tensor;
import java.util.Set;

/// A row objective that is a divergence from the teacher's softened distribution, times `T²`:
///
/// ```
/// T² · D(p, q)      p = softmax(t/T),  q = softmax(s/T)
/// ```
///
/// The gradient with respect to the student's logits is `T · (h − q · Σh)` with `h = q · ∂D/∂q`;
/// the `T²` keeps its size independent of `T` (Hinton et al. 2015, section 2). A teacher that names
/// its `K` likeliest entries gives a divergence of `K + 1` outcomes, the last a bucket for all
/// others on both sides; nothing is renormalised.
interface DivergenceObjective extends RowObjective {

  /// T, above 0.
  double temperature();

  /// `D`.
  Divergence divergence();

  @Override
  default Set<Need> needs() {
    return Set.of(Need.DISTRIBUTION);
  }

  @Override
  default Tensor sum(Rows rows) {
    return sum(Outcomes.of(rows, temperature()));
  }

  private Tensor sum(Outcomes outcomes) {
    return divergence()
        .termsNO(outcomes.logPNO(), outcomes.logQNO())
        .sum()
        .times(temperature() * temperature());
  }

  @Override
  default RowLoss lossAndGradient(Rows rows) {
    try (NoGrad _ = NoGrad.open()) {
      Outcomes outcomes = Outcomes.of(rows, temperature());
      Tensor weightedNO = divergence().weightedNO(outcomes.logPNO(), outcomes.logQNO());
      return new RowLoss(sum(outcomes), outcomes.gradient(weightedNO).times(temperature()));
    }
  }
}
