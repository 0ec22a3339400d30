package dev.retort.objective;

/// An objective over hidden states, attention scores or embeddings.
public non-sealed interface FeatureObjective extends Objective {

  @Override
  BoundFeature bind(ModelShape teacher, ModelShape student, long seed);
}
