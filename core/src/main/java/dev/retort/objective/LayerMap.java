package dev.retort.objective;

import java.util.List;
import java.util.stream.IntStream;

/// Which layer of a teacher with `N` layers a layer of a student with `M` layers learns from.
public enum LayerMap {
  /// Every `N/M`-th layer, TinyBERT's `g(m) = m · N/M` with `m` from 1 (Jiao et al. 2020): the last
  /// learns from the last.
  UNIFORM,
  /// The teacher's last `M` layers, in order.
  LAST;

  /// The pairs for two models, from the student's first layer on.
  List<LayerPair> pairs(ModelShape teacher, ModelShape student) {
    return IntStream.range(0, student.layers())
        .mapToObj(layer -> new LayerPair(layer, teacherLayer(layer, teacher, student)))
        .toList();
  }

  private int teacherLayer(int layer, ModelShape teacher, ModelShape student) {
    return switch (this) {
      case UNIFORM ->
          Math.max(
              0,
              Math.toIntExact(Math.round((layer + 1.0) * teacher.layers() / student.layers())) - 1);
      case LAST -> Math.max(0, teacher.layers() - student.layers() + layer);
    };
  }
}
