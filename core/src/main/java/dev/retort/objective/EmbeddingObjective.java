package dev.retort.objective;

import dev.retort.signal.Need;
import java.util.Set;

/// An objective over the one vector that a model makes of a text: the answer of an embedder, or
/// what a classifier's last layer sees.
public non-sealed interface EmbeddingObjective extends Objective {

  @Override
  default Set<Need> needs() {
    return Set.of(Need.EMBEDDING);
  }

  @Override
  BoundEmbedding bind(ModelShape teacher, ModelShape student, long seed);
}
