package dev.retort.objective;

import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.signal.Need;
import dev.retort.tensor.Tensor;
import java.util.List;
import java.util.Set;

/// Angle-wise relational distillation (Park et al. 2019, arXiv 1904.05068):
///
/// ```
/// mean over triples of huber(cos_s(i, j, k) − cos_t(i, j, k))
/// ```
///
/// of the angle at `xⱼ` between `xᵢ` and `xₖ`, for different `i`, `j` and `k`; Huber's loss has `δ
/// = 1`, and `x` is the mean of a text's last hidden states. A batch is not cut for threads.
@Named("relational-angle")
@Doc("The angles between three texts of a batch, as the teacher sees them (Park et al. 2019).")
public record RelationalAngle() implements FeatureObjective {

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
    return Relations.bind(RelationalAngle::mean);
  }

  static Tensor mean(Tensor studentND, Tensor teacherND) {
    return Relations.meanHuber(Relations.angles(studentND), Relations.angles(teacherND));
  }
}
