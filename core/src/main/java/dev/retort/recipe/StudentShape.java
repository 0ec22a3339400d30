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
    List<String> problems = new ArrayList<>(student.layerProblems(source.layers()));
    student
        .tooMany("hiddenSize", student.hiddenSize(), source.hiddenSize())
        .ifPresent(problems::add);
    student.tooMany("heads", student.heads(), source.heads()).ifPresent(problems::add);
    student
        .tooMany("intermediateSize", student.intermediateSize(), source.intermediateSize())
        .ifPresent(problems::add);
    ofLanguageModels("lora", student.lora()).ifPresent(problems::add);
    ofLanguageModels("keyValueHeads", student.keyValueHeads()).ifPresent(problems::add);
    ofLanguageModels(
            "architecture.keyValueHeads",
            student.architecture().flatMap(Architecture::keyValueHeads))
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

  private static Optional<String> ofLanguageModels(String setting, Optional<?> value) {
    return value.map(_ -> "student.%s: is for task generation; leave it out".formatted(setting));
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
                  student.model(),
                  Math.max(1, hidden / headSize) * headSize,
                  (hidden / headSize + 1) * headSize));
    }
    return student
        .heads()
        .filter(heads -> heads * headSize != hidden)
        .map(heads ->
            "student.heads: %d heads of the %s are %d wide, but hiddenSize is %d; heads keep their width %d, so that %d belong to this hidden size: leave `heads` out"
                .formatted(
                    heads, student.model(), heads * headSize, hidden, headSize, hidden / headSize));
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
