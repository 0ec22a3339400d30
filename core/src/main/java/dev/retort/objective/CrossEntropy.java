package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.signal.Need;
import dev.retort.tensor.Functions;
import dev.retort.tensor.InPlace;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.WideRows;
import java.util.Set;

/// Cross-entropy against the data's own labels at temperature 1, with label smoothing:
///
/// ```
/// −Σᵥ y(v) log q(v)      y = (1 − ε)·onehot(label) + ε/V,  q = softmax(s)
/// ```
///
/// (Szegedy et al. 2016, section 7.) The gradient with respect to the logits is `q − y`. Rows
/// without a label count nothing.
///
/// @param labelSmoothing ε, the share of the target that is spread evenly over all labels
@Named("cross-entropy")
@Doc("Cross-entropy against the data's own labels; hears nothing from the teacher.")
public record CrossEntropy(
    @Default("0.0") @Doc("Share of the target spread evenly over all labels, in [0, 1).")
        double labelSmoothing)
    implements RowObjective {

  public CrossEntropy {
    Check.within("labelSmoothing", labelSmoothing, 0, 0.999);
  }

  @Override
  public Set<Need> needs() {
    return Set.of();
  }

  @Override
  public long count(int[] labels) {
    return RowObjective.countKnown(labels);
  }

  @Override
  public Tensor sum(Rows rows) {
    Tensor logQNV = Functions.logSoftmax(rows.logitsNV(), -1);
    return targets(rows).times(logQNV).sum().times(-1);
  }

  @Override
  public RowLoss lossAndGradient(Rows rows) {
    try (NoGrad _ = NoGrad.open()) {
      Tensor logQNV = Functions.logSoftmax(rows.logitsNV(), -1);
      Tensor targetsNV = targets(rows);
      Tensor massN1 = targetsNV.sum(-1, true);
      return new RowLoss(
          targetsNV.times(logQNV).sum().times(-1), logQNV.exp().times(massN1).minus(targetsNV));
    }
  }

  /// Without targets of the logits' size: a row's target differs from an even one at its label
  /// only.
  @Override
  public RowLoss lossAndGradientInPlace(Rows rows) {
    Tensor logitsNV = rows.logitsNV();
    if (!WideRows.canRead(logitsNV)) {
      return lossAndGradient(rows);
    }
    try (NoGrad _ = NoGrad.open()) {
      Tensor knownN1 = knownN1(rows);
      Tensor labelsN1 = rows.labelsN().atLeast(0L).unsqueeze(-1);
      Tensor targetLogitN1 =
          logitsNV
              .gather(-1, labelsN1)
              .times(1 - labelSmoothing)
              .plus(logitsNV.mean(-1, true).times(labelSmoothing));
      Tensor logSumExpN1 = WideRows.softmaxInPlace(logitsNV, 1);
      Tensor sum = logSumExpN1.minus(targetLogitN1).times(knownN1).sum();

      InPlace.times(logitsNV, knownN1);
      logitsNV.addInPlace(knownN1.times(-labelSmoothing / logitsNV.size(1)));
      Tensor labelledN1 = logitsNV.gather(-1, labelsN1).minus(knownN1.times(1 - labelSmoothing));
      InPlace.scatter(logitsNV, -1, labelsN1, labelledN1);
      return new RowLoss(sum, logitsNV);
    }
  }

  private static Tensor knownN1(Rows rows) {
    return rows.labelsN().isAtLeast(0).to(rows.logitsNV().dtype()).unsqueeze(-1);
  }

  /// `[N, V]` targets; the rows without a label are all zero.
  private Tensor targets(Rows rows) {
    long classes = rows.logitsNV().size(1);
    Tensor oneHotNV =
        Functions.oneHot(rows.labelsN().atLeast(0L), classes).to(rows.logitsNV().dtype());
    return oneHotNV.times(1 - labelSmoothing).plus(labelSmoothing / classes).times(knownN1(rows));
  }
}
