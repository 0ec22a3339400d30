package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.List;

/// Direct preference optimisation (DPO, Rafailov et al. 2023, arXiv 2305.18290) on pairs of
/// answers, of which one was preferred:
///
/// ```
/// mean over pairs of −(1 − ε) · ln σ(β·m) − ε · ln σ(−β·m)
/// m = (ln π(chosen) − ln π(rejected)) − (ln π_ref(chosen) − ln π_ref(rejected))
/// ```
///
/// Log-probabilities are those of whole answers, added up over tokens. The reference is a teacher,
/// or the student as it was.
///
/// @param beta how far the student may leave the reference; the higher, the less
/// @param labelSmoothing ε, the share of pairs whose preference is taken to be wrong
public record DirectPreference(double beta, double labelSmoothing) {

  public DirectPreference {
    Check.positive("beta", beta);
    Check.within("labelSmoothing", labelSmoothing, 0, 0.5);
  }

  /// Log-probabilities of the two answers of each pair.
  ///
  /// @param chosenN of the preferred answers, `[N]`
  /// @param rejectedN of the others, `[N]`
  public record Answers(Tensor chosenN, Tensor rejectedN) {

    private Tensor marginN() {
      return chosenN.minus(rejectedN);
    }
  }

  /// The loss added up over pairs, differentiable.
  public Tensor sum(Answers student, Answers reference) {
    Tensor scaledN = student.marginN().minus(reference.marginN().detach()).times(beta);
    Tensor bothN2 =
        Functions.logSoftmax(
            Tensors.concatenate(List.of(scaledN.unsqueeze(1), scaledN.unsqueeze(1).times(0)), 1),
            1);
    Tensor preferred = bothN2.select(1, 0).sum().times(labelSmoothing - 1);
    return preferred.minus(bothN2.select(1, 1).sum().times(labelSmoothing));
  }
}
