package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;

/// The `architecture:` of a student that begins from nothing.
///
/// @param layers transformer layers
/// @param hiddenSize width of the hidden states
/// @param heads attention heads per layer; divides `hiddenSize`
/// @param intermediateSize neurons of a layer's feed-forward part
public record Architecture(
    @Default("2") @Doc("Transformer layers.") int layers,
    @Default("128") @Doc("Width of the hidden states.") int hiddenSize,
    @Default("2") @Doc("Attention heads of a layer; they divide the hidden size.") int heads,
    @Default("512") @Doc("Neurons of a layer's feed-forward part.") int intermediateSize) {

  public Architecture {
    Check.atLeast("layers", layers, 1);
    Check.atLeast("hiddenSize", hiddenSize, 1);
    Check.atLeast("heads", heads, 1);
    Check.atLeast("intermediateSize", intermediateSize, 1);
    Check.that(
        hiddenSize % heads == 0,
        "heads",
        "must divide hiddenSize %d but is %d".formatted(hiddenSize, heads));
  }
}
