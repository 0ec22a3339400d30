package dev.retort.objective;

class AttentionKlTest implements AttentionContract {

  @Override
  public FeatureObjective objective(Layers layers, HeadMismatch heads) {
    return new AttentionKl(layers, heads);
  }
}
