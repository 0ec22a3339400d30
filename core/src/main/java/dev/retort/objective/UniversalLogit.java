package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.signal.Distribution.Dense;
import dev.retort.signal.Need;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import java.util.Set;

/// Universal logit distillation (Boizard et al. 2024, arXiv 2402.12030): how far the sorted
/// probabilities of two models are from each other,
///
/// ```
/// T² · Σᵢ |p₍ᵢ₎ − q₍ᵢ₎|      p₍₁₎ ≥ p₍₂₎ ≥ …, the shorter of the two continued with zeros
/// ```
///
/// the Wasserstein distance where moving any outcome to any other costs the same. It does not know
/// which outcome is which, and so compares models of different vocabularies: how sure they are, and
/// among how many outcomes they doubt. It needs every logit.
///
/// @param temperature T, above 0
@Named("universal-logit")
@Doc("L1 distance of sorted probabilities, for different vocabularies (Boizard et al. 2024).")
public record UniversalLogit(
    @Default("1.0") @Doc("Temperature that divides the logits of both sides, above 0.")
        double temperature)
    implements RowObjective {

  public UniversalLogit {
    Check.positive("temperature", temperature);
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.DISTRIBUTION, Need.LOGITS);
  }

  @Override
  public Tensor sum(Rows rows) {
    if (!(rows.requireTeacher() instanceof Dense(Tensor teacherNV))) {
      throw new IllegalStateException("universal-logit needs every logit of one teacher");
    }
    long width = Math.max(teacherNV.size(-1), rows.logitsNV().size(-1));
    return sorted(teacherNV.detach(), width)
        .minus(sorted(rows.logitsNV(), width))
        .absolute()
        .sum()
        .times(temperature * temperature);
  }

  private Tensor sorted(Tensor logitsNV, long width) {
    return SharedOutcomes.sorted(Functions.softmax(logitsNV.times(1 / temperature), -1), width);
  }
}
