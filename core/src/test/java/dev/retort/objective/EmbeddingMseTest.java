package dev.retort.objective;

class EmbeddingMseTest implements EmbeddingObjectiveContract {

  @Override
  public EmbeddingObjective objective() {
    return new EmbeddingMse();
  }
}
