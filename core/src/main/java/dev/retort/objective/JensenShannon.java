package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;

/// Generalised Jensen-Shannon divergence (Agarwal et al. 2024, GKD, arXiv 2306.13649):
///
/// ```
/// T² · (β·KL(p ‖ m) + (1 − β)·KL(q ‖ m))      m = β·p + (1 − β)·q
/// ```
///
/// Bounded, and between the two directions: over `β` it tends to forward KL as `β → 0`, over `1 −
/// β` to reverse KL as `β → 1`. It does not reach them: choose the other objectives there.
///
/// @param temperature T, above 0
/// @param beta the teacher's share of the mixture, above 0 and below 1
@Named("jensen-shannon")
@Doc("Generalised Jensen-Shannon divergence, between forward and reverse KL (Agarwal et al. 2024).")
public record JensenShannon(
    @Default("1.0") @Doc("Temperature that divides the logits of both sides, above 0.")
        double temperature,
    @Default("0.5") @Doc("The teacher's share of the mixture, above 0 and below 1.") double beta)
    implements DivergenceObjective {

  public JensenShannon {
    Check.positive("temperature", temperature);
    Check.within("beta", beta, 1e-6, 1 - 1e-6);
  }

  @Override
  public Divergence divergence() {
    return new Divergences.JensenShannon(beta);
  }
}
