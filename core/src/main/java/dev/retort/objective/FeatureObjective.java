package dev.retort.objective;

import java.util.List;

/// An objective over hidden states, attention or embeddings.
public non-sealed interface FeatureObjective extends Objective {

  @Override
  BoundFeature bind(ModelShape teacher, ModelShape student, long seed);

  @Override
  List<String> problems(ModelShape teacher, ModelShape student);
}
