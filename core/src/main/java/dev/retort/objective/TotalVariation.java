package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;

/// Total variation distance at a temperature (Wen et al. 2023, arXiv 2307.15190):
///
/// ```
/// T² · ½ · Σᵥ |p(v) − q(v)|
/// ```
///
/// Bounded and symmetric; the least sensitive to a teacher that is sure of something wrong. Where
/// `p = q` the gradient is taken as 0.
///
/// @param temperature T, above 0
@Named("total-variation")
@Doc("Total variation distance between the softened distributions, times T².")
public record TotalVariation(
    @Default("1.0") @Doc("Temperature that divides the logits of both sides, above 0.")
        double temperature)
    implements DivergenceObjective {

  public TotalVariation {
    Check.positive("temperature", temperature);
  }

  @Override
  public Divergence divergence() {
    return new Divergences.TotalVariation();
  }
}
