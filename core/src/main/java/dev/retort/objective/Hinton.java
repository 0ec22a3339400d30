package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.signal.Need;
import dev.retort.tensor.Tensor;
import java.util.OptionalDouble;
import java.util.Set;

/// The mix of soft and hard targets (Hinton et al. 2015, section 2):
///
/// ```
/// α · T² · KL(p ‖ q) + (1 − α) · CE(label, softmax(s))      p = softmax(t/T),  q = softmax(s/T)
/// ```
///
/// Labels are always at temperature 1. It is [ForwardKl] and [CrossEntropy] as one term, whose mean
/// is over all rows: a row without a label learns from the teacher only.
///
/// @param temperature T, above 0
/// @param alpha the share of the teacher
@Named("hinton")
@Doc("Forward KL at a temperature and cross-entropy on the labels, mixed (Hinton et al. 2015).")
public record Hinton(
    @Default("4.0") @Doc("Temperature of the teacher's part, above 0.") double temperature,
    @Default("0.7") @Doc("The share of the teacher, in [0, 1].") double alpha)
    implements RowObjective {

  public Hinton {
    Check.positive("temperature", temperature);
    Check.within("alpha", alpha, 0, 1);
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.DISTRIBUTION);
  }

  @Override
  public OptionalDouble teacherTemperature() {
    return OptionalDouble.of(temperature);
  }

  @Override
  public boolean learnsFromSamples() {
    return true;
  }

  @Override
  public Tensor sum(Rows rows) {
    return soft().sum(rows).times(alpha).plus(hard().sum(rows).times(1 - alpha));
  }

  @Override
  public RowLoss lossAndGradient(Rows rows) {
    RowLoss soft = soft().lossAndGradient(rows);
    RowLoss hard = hard().lossAndGradient(rows);
    return new RowLoss(
        soft.sum().times(alpha).plus(hard.sum().times(1 - alpha)),
        soft.gradientNV().times(alpha).plus(hard.gradientNV().times(1 - alpha)));
  }

  private ForwardKl soft() {
    return new ForwardKl(temperature);
  }

  private static CrossEntropy hard() {
    return new CrossEntropy(0);
  }
}
