package dev.retort.objective;

import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.signal.Need;
import dev.retort.tensor.Tensor;
import java.util.List;
import java.util.Set;

/// Distance-wise relational distillation (Park et al. 2019, arXiv 1904.05068):
///
/// ```
/// mean over i ≠ j of huber(d_s(i, j) − d_t(i, j))      d(i, j) = ‖xᵢ − xⱼ‖ / mean distance
/// ```
///
/// Huber's loss has `δ = 1`; `x` is the mean of a text's last hidden states. What is compared has
/// no width, so the models may differ in it. A batch is not cut for threads.
@Named("relational-distance")
@Doc("How far the texts of a batch are from each other, as the teacher sees it (Park et al. 2019).")
public record RelationalDistance() implements FeatureObjective {

  @Override
  public Set<Need> needs() {
    return Set.of(Need.HIDDEN_STATES);
  }

  @Override
  public List<String> problems(ModelShape teacher, ModelShape student) {
    return List.of();
  }

  @Override
  public BoundFeature bind(ModelShape teacher, ModelShape student, long seed) {
    return Relations.bind(RelationalDistance::mean);
  }

  static Tensor mean(Tensor studentND, Tensor teacherND) {
    return Relations.meanHuber(Relations.distances(studentND), Relations.distances(teacherND));
  }
}
