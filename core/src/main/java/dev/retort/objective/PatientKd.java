package dev.retort.objective;

import dev.retort.catalog.Doc;
import dev.retort.catalog.Inline;
import dev.retort.catalog.Named;
import dev.retort.signal.Need;
import dev.retort.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Patient knowledge distillation (Sun et al. 2019, arXiv 1908.09355, equation 7):
///
/// ```
/// mean over layer pairs and texts of ‖ s/‖s‖ − t/‖t‖ ‖²
/// ```
///
/// of the first token's states, at every layer but the student's last, which the logits teach. The
/// widths must agree.
///
/// @param layers which layers are compared
@Named("patient-kd")
@Doc("Squared distance between normalised first-token states of matched layers (Sun et al. 2019).")
public record PatientKd(@Inline Layers layers) implements FeatureObjective {

  @Override
  public Set<Need> needs() {
    return Set.of(Need.HIDDEN_STATES);
  }

  @Override
  public List<String> problems(ModelShape teacher, ModelShape student) {
    List<String> problems = new ArrayList<>(layers.problems(teacher, student));
    if (teacher.hiddenSize() != student.hiddenSize()) {
      problems.add(
          "patient-kd compares states of one width, but the teacher's is %d and the student's %d; hidden-mse learns a projection"
              .formatted(teacher.hiddenSize(), student.hiddenSize()));
    }
    if (layers.pairs().isEmpty() && student.layers() < 2) {
      problems.add("patient-kd leaves out the last layer, and the student has only one");
    }
    return problems;
  }

  @Override
  public BoundFeature bind(ModelShape teacher, ModelShape student, long seed) {
    List<LayerPair> all = layers.of(teacher, student);
    List<LayerPair> patient = layers.pairs().isEmpty() ? all.subList(0, all.size() - 1) : all;
    return new PlainFeature(
        (own, other, _) ->
            LayerPair.mean(
                patient,
                pair ->
                    sum(
                        own.hiddenBTD().get(pair.student() + 1),
                        other.hiddenBTD().get(pair.teacher() + 1).detach())),
        BoundFeature.Counted.TEXTS,
        false);
  }

  private static Tensor sum(Tensor studentBTD, Tensor teacherBTD) {
    Tensor ownBD = Vectors.normalized(studentBTD.select(1, 0));
    return ownBD.minus(Vectors.normalized(teacherBTD.select(1, 0))).square().sum();
  }
}
