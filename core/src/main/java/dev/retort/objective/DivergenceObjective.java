package dev.retort.objective;

import dev.retort.signal.Distribution.Aligned;
import dev.retort.signal.Distribution.Deferred;
import dev.retort.signal.Distribution.Dense;
import dev.retort.signal.Distribution.Headed;
import dev.retort.signal.Distribution.Mixture;
import dev.retort.signal.Distribution.Sampled;
import dev.retort.signal.Distribution.TopK;
import dev.retort.signal.Need;
import dev.retort.tensor.ArrayDivergence;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.SoftLogits;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import dev.retort.tensor.WideRows;
import java.util.OptionalDouble;
import java.util.Set;

/// A row objective that is a divergence from the teacher's softened distribution, times `T²`:
///
/// ```
/// T² · D(p, q)      p = softmax(t/T),  q = softmax(s/T)
/// ```
///
/// The gradient with respect to the student's logits is `T · (h − q · Σh)` with `h = q · ∂D/∂q`;
/// the `T²` keeps its size independent of `T` (Hinton et al. 2015, section 2). A teacher that names
/// its `K` likeliest entries gives a divergence of `K + 1` outcomes, the last a bucket for all
/// others on both sides; nothing is renormalised.
interface DivergenceObjective extends RowObjective {

  /// T, above 0.
  double temperature();

  /// `D`.
  Divergence divergence();

  @Override
  default Set<Need> needs() {
    return Set.of(Need.DISTRIBUTION);
  }

  @Override
  default OptionalDouble teacherTemperature() {
    return OptionalDouble.of(temperature());
  }

  @Override
  default Tensor sum(Rows rows) {
    return sum(comparison(Outcomes.of(rows, temperature())));
  }

  @Override
  default RowLoss lossAndGradient(Rows rows) {
    try (NoGrad _ = NoGrad.open()) {
      Outcomes outcomes = Outcomes.of(rows, temperature());
      Comparison comparison = comparison(outcomes);
      Tensor gradientNV = outcomes.gradient(comparison.weightedNO().get());
      return new RowLoss(sum(comparison), gradientNV.times(temperature()));
    }
  }

  /// In one visit to each row, where there is a loop for this divergence and this teacher.
  @Override
  default RowLoss lossAndGradientInPlace(Rows rows) {
    if (!WideRows.canRead(rows.logitsNV())) {
      return lossAndGradient(rows);
    }
    try (NoGrad _ = NoGrad.open()) {
      return switch (rows.requireTeacher()) {
        case Dense(Tensor logitsNV) -> inPlace(rows, new SoftLogits(logitsNV, temperature()));
        case Headed _, Deferred _ ->
            lossAndGradientInPlace(rows.heardFrom(rows.requireTeacher().computed()));
        case Mixture mixture ->
            inPlace(rows, new SoftLogits(mixture.logProbabilitiesNV(temperature()), 1));
        case TopK topK -> inPlace(rows, topK);
        case Sampled _, Aligned _ -> lossAndGradient(rows);
      };
    }
  }

  private RowLoss inPlace(Rows rows, SoftLogits teacher) {
    if (!(divergence() instanceof ArrayDivergence loop) || !WideRows.canRead(teacher.logitsNV())) {
      return lossAndGradient(rows);
    }
    SoftLogits student = new SoftLogits(rows.logitsNV(), temperature());
    double sum = WideRows.divergenceInPlace(student, teacher, loop);
    return new RowLoss(Tensors.of(new double[] {sum}).reshape(), rows.logitsNV());
  }

  private RowLoss inPlace(Rows rows, TopK topK) {
    Outcomes.requireTemperature(topK.temperature(), temperature());
    SparseRows student = SparseRows.takeOver(rows.logitsNV(), topK.idsNK(), temperature());
    Tensor logTailN1 = Outcomes.logTail(student.logQNK());
    Comparison comparison =
        divergence()
            .compare(
                Outcomes.withTail(topK.logProbsNK()), Outcomes.with(student.logQNK(), logTailN1));
    Tensor gradientNV = student.toGradient(comparison.weightedNO().get(), logTailN1, temperature());
    return new RowLoss(sum(comparison), gradientNV);
  }

  private Comparison comparison(Outcomes outcomes) {
    return divergence().compare(outcomes.logPNO(), outcomes.logQNO());
  }

  private Tensor sum(Comparison comparison) {
    return comparison.termsNO().get().sum().times(temperature() * temperature());
  }
}
