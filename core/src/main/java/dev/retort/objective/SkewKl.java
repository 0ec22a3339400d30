package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;

/// Skew KL divergence (Ko et al. 2024, DistiLLM, arXiv 2402.03898):
///
/// ```
/// T² · KL(p ‖ α·p + (1 − α)·q)
/// ```
///
/// A little of the teacher in the second argument bounds the gradient where the student has no
/// mass.
///
/// @param temperature T, above 0
/// @param alpha the teacher's share of the mixture, above 0 and below 1
@Named("skew-kl")
@Doc("Forward KL to a mixture of student and teacher, which bounds its gradient (Ko et al. 2024).")
public record SkewKl(
    @Default("1.0") @Doc("Temperature that divides the logits of both sides, above 0.")
        double temperature,
    @Default("0.1") @Doc("The teacher's share of the mixture, above 0 and below 1.") double alpha)
    implements DivergenceObjective {

  public SkewKl {
    Check.positive("temperature", temperature);
    Check.within("alpha", alpha, 1e-6, 1 - 1e-6);
  }

  @Override
  public Divergence divergence() {
    return new Divergences.Skew(alpha);
  }
}
