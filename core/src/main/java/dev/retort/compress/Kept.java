package dev.retort.compress;

import dev.retort.model.Axis;
import dev.retort.model.EncoderConfig;
import dev.retort.model.Head;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Which features of a network's width stay, in the order they had.
///
/// @param everywhere places by axis, for axes that all layers share
/// @param byLayer places by axis, for each layer
@SuppressWarnings("ArrayRecordComponent") // places on their way to tensors, never compared
record Kept(Map<Axis, int[]> everywhere, List<Map<Axis, int[]>> byLayer) {

  /// The most important ones that make a network of shape `to`. Heads stay whole.
  static Kept of(Importance importance, EncoderConfig to) {
    int headSize = importance.config().headSize();
    List<Map<Axis, int[]>> byLayer =
        IntStream.range(0, importance.config().layers())
            .mapToObj(layer ->
                Map.of(
                    Axis.HEADS,
                    features(Importance.strongest(importance.heads(layer), to.heads()), headSize),
                    Axis.INTERMEDIATE,
                    Importance.strongest(importance.neurons(layer), to.intermediateSize())))
            .toList();
    Map<Axis, int[]> everywhere = new EnumMap<>(Axis.class);
    everywhere.put(Axis.HIDDEN, Importance.strongest(importance.channels(), to.hiddenSize()));
    if (importance.head() instanceof Head.FirstToken) {
      everywhere.put(Axis.POOLED, Importance.strongest(importance.pooled(), to.hiddenSize()));
    }
    return new Kept(everywhere, byLayer);
  }

  /// The features of `heads`, each `size` wide.
  private static int[] features(int[] heads, int size) {
    return IntStream.of(heads)
        .flatMap(head -> IntStream.range(head * size, (head + 1) * size))
        .toArray();
  }

  /// The places that stay of an axis of a parameter in `layer`; empty where nothing is ever cut.
  Optional<int[]> of(Axis axis, OptionalInt layer) {
    Optional<int[]> shared = Optional.ofNullable(everywhere.get(axis));
    return shared.isPresent() || layer.isEmpty()
        ? shared
        : Optional.ofNullable(byLayer.get(layer.getAsInt()).get(axis));
  }
}
