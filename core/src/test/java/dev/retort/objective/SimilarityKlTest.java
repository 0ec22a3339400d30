package dev.retort.objective;

class SimilarityKlTest implements EmbeddingObjectiveContract {

  @Override
  public EmbeddingObjective objective() {
    return new SimilarityKl(0.3);
  }
}
