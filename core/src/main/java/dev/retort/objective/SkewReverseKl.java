package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;

/// Skew reverse KL divergence (Ko et al. 2024, DistiLLM, arXiv 2402.03898):
///
/// ```
/// T² · KL(q ‖ α·q + (1 − α)·p)
/// ```
///
/// The gradient flows through the mixture as well.
///
/// @param temperature T, above 0
/// @param alpha the student's share of the mixture, above 0 and below 1
@Named("skew-reverse-kl")
@Doc("Reverse KL to a mixture of teacher and student (Ko et al. 2024).")
public record SkewReverseKl(
    @Default("1.0") @Doc("Temperature that divides the logits of both sides, above 0.")
        double temperature,
    @Default("0.1") @Doc("The student's share of the mixture, above 0 and below 1.") double alpha)
    implements DivergenceObjective {

  public SkewReverseKl {
    Check.positive("temperature", temperature);
    Check.within("alpha", alpha, 1e-6, 1 - 1e-6);
  }

  @Override
  public Divergence divergence() {
    return new Divergences.SkewReverse(alpha);
  }
}
