package dev.retort.objective;

class HiddenCosineTest implements HiddenStatesContract {

  @Override
  public FeatureObjective objective(Layers layers, boolean embeddings) {
    return new HiddenCosine(layers, embeddings);
  }
}
