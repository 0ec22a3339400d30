package dev.retort.objective;

import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;

/// Mean squared error between the two models' vectors of a text (Reimers and Gurevych 2020, arXiv
/// 2004.09813):
///
/// ```
/// mean over texts and dimensions of (W·s − t)²
/// ```
///
/// `W` is trained along where the widths differ, and left out where they agree.
@Named("embedding-mse")
@Doc("Squared error between the vectors of student and teacher (Reimers and Gurevych 2020).")
public record EmbeddingMse() implements EmbeddingObjective {

  @Override
  public BoundEmbedding bind(ModelShape teacher, ModelShape student, long seed) {
    return BoundEmbedding.ofVectors(
        (studentND, teacherND) ->
            studentND.minus(teacherND).square().sum().times(1.0 / teacherND.size(1)),
        teacher,
        student,
        seed);
  }
}
