package dev.retort.compress;

import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Which features of a network's width stay, in the order they had.
///
/// @param <A> what a dimension of a parameter counts
/// @param everywhere places by axis, for axes that all layers share
/// @param byLayer places by axis, for each layer
@SuppressWarnings("ArrayRecordComponent") // places on their way to tensors, never compared
record Kept<A>(Map<A, int[]> everywhere, List<Map<A, int[]>> byLayer) {

  /// The features of `heads`, each `size` wide.
  static int[] features(int[] heads, int size) {
    return IntStream.of(heads)
        .flatMap(head -> IntStream.range(head * size, (head + 1) * size))
        .toArray();
  }

  /// The places that stay of an axis of a parameter in `layer`; empty where nothing is ever cut.
  Optional<int[]> places(A axis, OptionalInt layer) {
    Optional<int[]> shared = Optional.ofNullable(everywhere.get(axis));
    return shared.isPresent() || layer.isEmpty()
        ? shared
        : Optional.ofNullable(byLayer.get(layer.getAsInt()).get(axis));
  }

  /// What stays of a parameter in `layer` that has these axes.
  Tensor cut(Tensor parameter, List<A> axes, OptionalInt layer) {
    Tensor cut = parameter;
    for (int dim = 0; dim < axes.size(); dim++) {
      Optional<int[]> places = places(axes.get(dim), layer);
      if (places.isPresent()) {
        cut = cut.indexSelect(dim, indices(places.get()));
      }
    }
    return cut;
  }

  private static Tensor indices(int[] places) {
    return Tensors.of(IntStream.of(places).asLongStream().toArray(), places.length);
  }
}
