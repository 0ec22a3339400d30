package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;

/// Reverse KL divergence at a temperature (Gu et al. 2024, MiniLLM, arXiv 2306.08543):
///
/// ```
/// T² · Σᵥ q(v) · (log q(v) − log p(v))      p = softmax(t/T),  q = softmax(s/T)
/// ```
///
/// It punishes a student for mass where the teacher has none, and forgives what the student leaves
/// out: a small student keeps to what it can do. The gradient with respect to the logits is `T · q
/// · (log(q/p) − KL(q ‖ p))`.
///
/// @param temperature T, above 0
@Named("reverse-kl")
@Doc("Reverse KL to the teacher's softened distribution, times T² (Gu et al. 2024).")
public record ReverseKl(
    @Default("1.0") @Doc("Temperature that divides the logits of both sides, above 0.")
        double temperature)
    implements DivergenceObjective {

  public ReverseKl {
    Check.positive("temperature", temperature);
  }

  @Override
  public Divergence divergence() {
    return new Divergences.Reverse();
  }
}
