package dev.retort.objective;

class HiddenMseTest implements HiddenStatesContract {

  @Override
  public FeatureObjective objective(Layers layers, boolean embeddings) {
    return new HiddenMse(layers, embeddings);
  }
}
