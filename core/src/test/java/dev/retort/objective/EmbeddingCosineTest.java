package dev.retort.objective;

class EmbeddingCosineTest implements EmbeddingObjectiveContract {

  @Override
  public EmbeddingObjective objective() {
    return new EmbeddingCosine();
  }
}
