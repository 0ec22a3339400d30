package dev.retort.recipe;

import dev.retort.model.EncoderConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The shape that a student has by its settings.
///
/// Heads keep their width, and together they are as wide as the hidden states: in the checkpoints
/// of these families nothing else can be written down.
///
/// @param student the settings
/// @param source the shape of the model that the student is cut from, or is to resemble
record StudentShape(StudentSettings student, EncoderConfig source) {

  /// Why there is no such student, each with its place in the recipe.
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < student.layers().size(); i++) {
      int layer = student.layers().get(i);
      if (layer < 0 || layer >= source.layers()) {
        problems.add(
            "student.layers[%d]: layer %d does not exist; the %s has layers 0 to %d"
                .formatted(i, layer, model(), source.layers() - 1));
      }
    }
    tooMany("hiddenSize", student.hiddenSize(), source.hiddenSize()).ifPresent(problems::add);
    tooMany("heads", student.heads(), source.heads()).ifPresent(problems::add);
    tooMany("intermediateSize", student.intermediateSize(), source.intermediateSize())
        .ifPresent(problems::add);
    mismatch().ifPresent(problems::add);
    student
        .tableIfStatic()
        .filter(table -> table.dimensions() > source.hiddenSize())
        .ifPresent(table ->
            problems.add(
                "student.table.dimensions: %d are more than the hidden size of the teacher, %d"
                    .formatted(table.dimensions(), source.hiddenSize())));
    return problems;
  }

  private Optional<String> tooMany(String setting, Optional<Integer> wanted, int available) {
    return wanted
        .filter(number -> number > available)
        .map(number ->
            "student.%s: %d is more than the %d of the %s, which the student is cut from"
                .formatted(setting, number, available, model()));
  }

  private Optional<String> mismatch() {
    int headSize = source.headSize();
    if (student.hiddenSize().isEmpty()) {
      return Optional.empty();
    }
    int hidden = student.hiddenSize().get();
    if (hidden % headSize != 0) {
      return Optional.of(
          "student.hiddenSize: %d is no multiple of %d, the width of one head of the %s; use %d or %d"
              .formatted(
                  hidden,
                  headSize,
                  model(),
                  Math.max(1, hidden / headSize) * headSize,
                  (hidden / headSize + 1) * headSize));
    }
    return student
        .heads()
        .filter(heads -> heads * headSize != hidden)
        .map(heads ->
            "student.heads: %d heads of the %s are %d wide, but hiddenSize is %d; heads keep their width %d, so that %d belong to this hidden size: leave `heads` out"
                .formatted(heads, model(), heads * headSize, hidden, headSize, hidden / headSize));
  }

  private String model() {
    return switch (student.from()) {
      case StudentOrigin.Teacher _, StudentOrigin.Scratch _, StudentOrigin.Static _ -> "teacher";
      case StudentOrigin.Pretrained _ -> "pretrained model";
      case StudentOrigin.Model _ -> "student's model";
    };
  }

  /// The shape, if there are no [#problems].
  EncoderConfig config() {
    return student
        .architecture()
        .map(size ->
            source.resized(size.layers(), size.hiddenSize(), size.heads(), size.intermediateSize()))
        .orElseGet(this::cut);
  }

  private EncoderConfig cut() {
    int hidden =
        student
            .hiddenSize()
            .or(() -> student.heads().map(heads -> heads * source.headSize()))
            .orElse(source.hiddenSize());
    return source.resized(
        student.layersOf(source).size(),
        hidden,
        hidden / source.headSize(),
        student.intermediateSize().orElse(source.intermediateSize()));
  }
}
