package dev.retort.objective;

import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import java.util.ArrayList;
import java.util.List;

/// Which layers of two models are compared.
///
/// @param map which layer learns from which, where no pairs are given
/// @param pairs pairs of layers to compare instead
public record Layers(
    @Default("uniform") @Doc("Which layers learn from which, where no pairs are given.")
        LayerMap map,
    @Default("[]") @Doc("Pairs of layers to compare instead of those of the map.")
        List<LayerPair> pairs) {

  public Layers {
    pairs = List.copyOf(pairs);
  }

  /// The pairs for these two models.
  List<LayerPair> of(ModelShape teacher, ModelShape student) {
    return pairs.isEmpty() ? map.pairs(teacher, student) : pairs;
  }

  /// What does not exist of the pairs that were given.
  List<String> problems(ModelShape teacher, ModelShape student) {
    List<String> problems = new ArrayList<>();
    for (LayerPair pair : pairs) {
      missing("student", pair.student(), student, problems);
      missing("teacher", pair.teacher(), teacher, problems);
    }
    return problems;
  }

  private static void missing(String side, int layer, ModelShape model, List<String> problems) {
    if (layer >= model.layers()) {
      problems.add(
          "pairs: layer %d of the %s does not exist; it has layers 0 to %d"
              .formatted(layer, side, model.layers() - 1));
    }
  }
}
