package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Doc;
import dev.retort.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/// A layer of the student and the layer of the teacher that it learns from, both numbered from 0.
///
/// @param student the student's layer
/// @param teacher the teacher's layer
public record LayerPair(
    @Doc("Layer of the student, from 0.") int student,
    @Doc("Layer of the teacher, from 0.") int teacher) {

  public LayerPair {
    Check.atLeast("student", student, 0);
    Check.atLeast("teacher", teacher, 0);
  }

  /// The mean of `loss` over `pairs`, at least one.
  static Tensor mean(List<LayerPair> pairs, Function<LayerPair, Tensor> loss) {
    return pairs.stream().map(loss).reduce(Tensor::plus).orElseThrow().times(1.0 / pairs.size());
  }

  @Override
  public String toString() {
    return student + " from " + teacher;
  }
}
