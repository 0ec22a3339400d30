package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;

/// Adaptive KL divergence (Wu et al. 2025, arXiv 2404.02657):
///
/// ```
/// T² · (g·KL(p ‖ q) + (1 − g)·KL(q ‖ p))
/// ```
///
/// `g` is the share of `Σ|p − q|` that lies in the teacher's head: its likeliest entries with a
/// mass of at most `mass`, and the likeliest in any case. Forward KL learns the head first and
/// reverse KL the tail, so each row gets more of the one that it lacks. No gradient flows through
/// `g`.
///
/// @param temperature T, above 0
/// @param mass the mass of the head at most, in (0, 1)
@Named("adaptive-kl")
@Doc("Forward and reverse KL, weighted by where the student is wrong (Wu et al. 2025).")
public record AdaptiveKl(
    @Default("1.0") @Doc("Temperature that divides the logits of both sides, above 0.")
        double temperature,
    @Default("0.5") @Doc("Mass of the teacher's likeliest entries that form the head.") double mass)
    implements DivergenceObjective {

  public AdaptiveKl {
    Check.positive("temperature", temperature);
    Check.within("mass", mass, 1e-6, 1 - 1e-6);
  }

  @Override
  public Divergence divergence() {
    return new Divergences.Adaptive(mass);
  }
}
