package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.signal.Need;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.List;
import java.util.Set;

/// Direct preference optimisation (DPO, Rafailov et al. 2023, arXiv 2305.18290) on pairs of
/// answers, of which one was preferred:
///
/// ```
/// mean over pairs of −(1 − ε) · ln σ(β·m) − ε · ln σ(−β·m)
/// m = (ln π(chosen) − ln π(rejected)) − (ln π_ref(chosen) − ln π_ref(rejected))
/// ```
///
/// Log-probabilities are those of whole answers, added up over tokens. The reference is whom the
/// recipe's term compares with: its teacher, or with `from: start` the student as it was.
///
/// @param beta how far the student may leave the reference; the higher, the less
/// @param labelSmoothing ε, the share of pairs whose preference is taken to be wrong
@Named("direct-preference")
@Doc("Direct preference optimisation on pairs of answers (DPO, Rafailov et al. 2023).")
public record DirectPreference(
    @Default("0.1") @Doc("How far the student may leave the reference; the higher, the less.")
        double beta,
    @Default("0.0") @Doc("Share of pairs whose preference is taken to be wrong, up to 0.5.")
        double labelSmoothing)
    implements AnswerObjective {

  public DirectPreference {
    Check.positive("beta", beta);
    Check.within("labelSmoothing", labelSmoothing, 0, 0.5);
  }

  /// Of a whole answer, which an excerpt of the likeliest tokens does not have.
  @Override
  public Set<Need> needs() {
    return Set.of(Need.LOGITS);
  }

  @Override
  public Tensor sum(Answers student, Answers reference) {
    Tensor scaledN = marginN(student).minus(marginN(reference).detach()).times(beta);
    Tensor bothN2 =
        Functions.logSoftmax(
            Tensors.concatenate(List.of(scaledN.unsqueeze(1), scaledN.unsqueeze(1).times(0)), 1),
            1);
    Tensor preferred = bothN2.select(1, 0).sum().times(labelSmoothing - 1);
    return preferred.minus(bothN2.select(1, 1).sum().times(labelSmoothing));
  }

  private static Tensor marginN(Answers answers) {
    return answers.chosenN().minus(answers.rejectedN());
  }
}
