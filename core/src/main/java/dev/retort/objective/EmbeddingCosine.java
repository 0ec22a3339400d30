package dev.retort.objective;

import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;

/// Cosine distance between the two models' vectors of a text:
///
/// ```
/// mean over texts of 1 − cos(W·s, t)
/// ```
///
/// `W` is trained along where the widths differ, and left out where they agree. Right where vectors
/// are compared by their angle, as embedders' are.
@Named("embedding-cosine")
@Doc("Cosine distance between the vectors of student and teacher.")
public record EmbeddingCosine() implements EmbeddingObjective {

  @Override
  public BoundEmbedding bind(ModelShape teacher, ModelShape student, long seed) {
    return BoundEmbedding.ofVectors(
        (studentND, teacherND) -> HiddenCosine.perToken(studentND, teacherND).sum(),
        teacher,
        student,
        seed);
  }
}
