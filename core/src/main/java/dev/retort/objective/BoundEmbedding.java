package dev.retort.objective;

import dev.retort.tensor.Functions;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BinaryOperator;

/// An embedding objective matched with its two models.
///
/// Its mean is a mean over texts.
///
/// @param loss the loss added up over texts, of the student's and the teacher's vectors `[N, D]`
/// @param parameters what is trained with the student and kept in checkpoints, but never exported
/// @param wholeBatch whether the loss compares the texts of a batch with each other, so that a
///   batch must not be cut
public record BoundEmbedding(
    BinaryOperator<Tensor> loss, SequencedMap<String, Tensor> parameters, boolean wholeBatch)
    implements BoundObjective, AutoCloseable {

  private static final String PROJECTION = "projection";

  /// A loss of vectors that need not be of one width: nothing is trained along.
  static BoundEmbedding ofSimilarities(BinaryOperator<Tensor> loss) {
    return new BoundEmbedding(loss, new LinkedHashMap<>(), true);
  }

  /// A loss of each text's two vectors. Where the widths differ, a linear map without bias, `W s`
  /// with `W` `[D_teacher, D_student]`, is trained along; `seed` decides what it begins with.
  static BoundEmbedding ofVectors(
      BinaryOperator<Tensor> loss, ModelShape teacher, ModelShape student, long seed) {
    SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
    if (teacher.hiddenSize() != student.hiddenSize()) {
      Seed.set(seed);
      parameters.put(PROJECTION, Projections.between(teacher, student));
    }
    return new BoundEmbedding(loss, parameters, false);
  }

  /// The loss added up over texts, differentiable.
  public Tensor sum(Tensor studentND, Tensor teacherND) {
    Tensor projectedND =
        Optional.ofNullable(parameters.get(PROJECTION))
            .map(map -> Functions.linear(studentND, map, Optional.empty()))
            .orElse(studentND);
    return loss.apply(projectedND, teacherND.detach());
  }

  @Override
  public BoundEmbedding twin() {
    return new BoundEmbedding(loss, Tensors.twins(parameters), wholeBatch);
  }

  /// Frees the trained tensors.
  @Override
  public void close() {
    parameters.values().forEach(Tensor::close);
  }
}
