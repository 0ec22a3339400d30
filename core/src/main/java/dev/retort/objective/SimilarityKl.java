package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;

/// KL divergence between the ways in which two models rank the other texts of a batch by how alike
/// they are (SEED, Fang et al. 2021, arXiv 2101.04731; the relational loss of CLIP-KD, Yang et al.
/// 2023, arXiv 2307.12732):
///
/// ```
/// mean over texts i of KL( softmax_j(cos(tᵢ, tⱼ) / τ) ‖ softmax_j(cos(sᵢ, sⱼ) / τ) ),  j ≠ i
/// ```
///
/// Only the angles between texts count, so the widths need not agree. There is no factor τ²: τ is
/// part of what a similarity means, not a softening that the gradient should be made up for.
///
/// @param temperature τ; the lower, the more only the nearest texts count
@Named("similarity-kl")
@Doc("KL divergence between similarities of the texts of a batch.")
public record SimilarityKl(
    @Default("0.05") @Doc("Divides cosines before the softmax.") double temperature)
    implements EmbeddingObjective {

  public SimilarityKl {
    Check.positive("temperature", temperature);
  }

  @Override
  public BoundEmbedding bind(ModelShape teacher, ModelShape student, long seed) {
    return BoundEmbedding.ofSimilarities((studentND, teacherND) ->
        Similarities.kl(
            Similarities.ofOthers(studentND), Similarities.ofOthers(teacherND), temperature));
  }
}
