package dev.retort.objective;

import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;

/// Mean squared error between margins (Hofstätter et al. 2020, arXiv 2010.02666): how much more
/// alike a text is to one other than to a second should be the same for both models.
///
/// ```
/// mean over texts i and pairs j ≠ k of the others of
///   ( (cos(sᵢ, sⱼ) − cos(sᵢ, sₖ)) − (cos(tᵢ, tⱼ) − cos(tᵢ, tₖ)) )²
/// ```
///
/// Every pair of other texts of the batch takes the place of a positive and a negative passage, so
/// it needs no triplets. A shift of all similarities costs nothing, and the widths need not agree.
@Named("margin-mse")
@Doc("Squared error between margins of similarity within a batch (Hofstätter et al. 2020).")
public record MarginMse() implements EmbeddingObjective {

  @Override
  public BoundEmbedding bind(ModelShape teacher, ModelShape student, long seed) {
    return BoundEmbedding.ofSimilarities((studentND, teacherND) ->
        Similarities.margins(Similarities.ofOthers(studentND), Similarities.ofOthers(teacherND)));
  }
}
