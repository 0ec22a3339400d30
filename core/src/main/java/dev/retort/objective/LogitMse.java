package dev.retort.objective;

import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.signal.Distribution.Dense;
import dev.retort.signal.Need;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Tensor;
import java.util.Set;

/// Half the mean squared error of centred logits (Ba and Caruana 2014; Hinton et al. 2015, section
/// 2.1):
///
/// ```
/// 1/(2V) · Σᵥ ((t(v) − t̄) − (s(v) − s̄))²
/// ```
///
/// What `T² · KL(p ‖ q)` tends to as `T → ∞`. Centring takes out a constant that no softmax sees.
/// The gradient with respect to the logits is `((s − s̄) − (t − t̄)) / V`. It needs every logit.
@Named("logit-mse")
@Doc("Half the mean squared error of centred logits: forward KL at an infinite temperature.")
public record LogitMse() implements RowObjective {

  @Override
  public Set<Need> needs() {
    return Set.of(Need.DISTRIBUTION, Need.LOGITS);
  }

  @Override
  public Tensor sum(Rows rows) {
    return differenceNV(rows).square().sum().times(0.5 / rows.logitsNV().size(-1));
  }

  @Override
  public RowLoss lossAndGradient(Rows rows) {
    try (NoGrad _ = NoGrad.open()) {
      return new RowLoss(sum(rows), differenceNV(rows).times(1.0 / rows.logitsNV().size(-1)));
    }
  }

  private static Tensor differenceNV(Rows rows) {
    if (!(rows.requireTeacher() instanceof Dense(Tensor teacherNV))) {
      throw new IllegalStateException("logit-mse needs every logit of one teacher");
    }
    return centred(rows.logitsNV()).minus(centred(teacherNV.detach()));
  }

  private static Tensor centred(Tensor logitsNV) {
    return logitsNV.minus(logitsNV.mean(-1, true));
  }
}
