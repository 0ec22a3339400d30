package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import java.util.Optional;

/// The `architecture:` of a student that begins from nothing.
///
/// @param layers transformer layers
/// @param hiddenSize width of the hidden states
/// @param heads attention heads per layer; divides `hiddenSize`
/// @param keyValueHeads key-value heads of a language model; they divide `heads`
/// @param intermediateSize neurons of a layer's feed-forward part
public record Architecture(
    @Default("2") @Doc("Transformer layers.") int layers,
    @Default("128") @Doc("Width of the hidden states.") int hiddenSize,
    @Default("2") @Doc("Attention heads of a layer; they divide the hidden size.") int heads,
    @Doc(
            "Key and value heads of a layer of a language model, each shared by equally many heads;"
                + " one for each head if left out.")
        Optional<Integer> keyValueHeads,
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
    keyValueHeads.ifPresent(value -> {
      Check.atLeast("keyValueHeads", value, 1);
      Check.that(
          heads % value == 0,
          "keyValueHeads",
          "must divide heads %d but is %d".formatted(heads, value));
    });
  }
}
