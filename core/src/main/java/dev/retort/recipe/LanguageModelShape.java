package dev.retort.recipe;

import dev.retort.model.decoder.AttentionShape;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.Lora;
import dev.retort.model.decoder.Projection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The shape that a language model has by the settings of a student.
///
/// Heads keep their width, and every query head stays with the key-value head that it reads.
///
/// @param student the settings
/// @param source the shape of the model that the student is cut from, or is to resemble
record LanguageModelShape(StudentSettings student, DecoderConfig source) {

  /// Why there is no such student, each with its place in the recipe.
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (student.tableIfStatic().isPresent()) {
      problems.add(
          "student.from: 'static' is for classifiers and embedders; a language model needs layers");
      return problems;
    }
    if (student.architecture().isPresent()) {
      oddHeads(student.architecture().get()).ifPresent(problems::add);
      return problems;
    }
    AttentionShape heads = source.attention();
    problems.addAll(student.layerProblems(source.layers()));
    tooMany("hiddenSize", student.hiddenSize(), source.hiddenSize(), problems);
    tooMany("heads", student.heads(), heads.heads(), problems);
    tooMany("keyValueHeads", student.keyValueHeads(), heads.keyValueHeads(), problems);
    tooMany("intermediateSize", student.intermediateSize(), source.intermediateSize(), problems);
    if (problems.isEmpty()) {
      uneven().or(this::unfilled).ifPresent(problems::add);
    }
    if (problems.isEmpty()) {
      student.lora().ifPresent(lora -> checkLora(lora, problems));
    }
    return problems;
  }

  private void tooMany(
      String setting, Optional<Integer> wanted, int available, List<String> problems) {
    student.tooMany(setting, wanted, available).ifPresent(problems::add);
  }

  private static Optional<String> oddHeads(Architecture size) {
    int width = size.hiddenSize() / size.heads();
    return width % 2 == 0
        ? Optional.empty()
        : Optional.of(
            "student.architecture.heads: hiddenSize %d over %d heads makes heads of width %d, which must be even in a language model"
                .formatted(size.hiddenSize(), size.heads(), width));
  }

  /// That the heads cannot be dealt out to the key-value heads, if so.
  private Optional<String> uneven() {
    int group = source.attention().group();
    int keyValueHeads = keyValueHeads();
    if (heads() % keyValueHeads == 0 && heads() / keyValueHeads <= group) {
      return Optional.empty();
    }
    return Optional.of(
        "student.heads: %d heads on %d key-value heads cannot be kept; the %s has %d on each, of which every one must keep as many: for %d key-value heads, keep a multiple of %d heads up to %d"
            .formatted(
                heads(),
                keyValueHeads,
                student.model(),
                group,
                keyValueHeads,
                keyValueHeads,
                keyValueHeads * group));
  }

  /// That the heads are not as wide as they must be together, if so.
  private Optional<String> unfilled() {
    int filled = heads() * source.attention().headSize();
    return source.family().headsFillWidth() && hiddenSize() != filled
        ? Optional.of(
            "student.hiddenSize: %d is not the width of %d heads of the %s, %d, as it must be in a model of type %s; leave `heads` or `hiddenSize` out, and make `hiddenSize` a multiple of %d"
                .formatted(
                    hiddenSize(),
                    heads(),
                    student.model(),
                    filled,
                    source.family().modelType(),
                    source.attention().headSize()))
        : Optional.empty();
  }

  private void checkLora(Lora lora, List<String> problems) {
    DecoderConfig config = config();
    for (int i = 0; i < lora.targets().size(); i++) {
      Projection target = lora.targets().get(i);
      if (!target.isIn(config)) {
        problems.add(
            "student.lora.targets[%d]: a layer of a model of type %s has no %s; its matrices are %s"
                .formatted(
                    i,
                    config.family().modelType(),
                    target.recipeName(),
                    Projection.in(config).stream().map(Projection::recipeName).toList()));
      }
    }
    if (problems.isEmpty() && lora.rank() > lora.highestRank(config)) {
      problems.add(
          "student.lora.rank: %d is more than %d, the smaller side of a matrix that it is to change, and would train more than the matrix has"
              .formatted(lora.rank(), lora.highestRank(config)));
    }
  }

  /// The shape, if there are no [#problems].
  DecoderConfig config() {
    return student.architecture().map(this::anew).orElseGet(this::cut);
  }

  /// The layers of the source, over and over, in the given size.
  private DecoderConfig anew(Architecture size) {
    List<Integer> layers =
        IntStream.range(0, size.layers()).map(i -> i % source.layers()).boxed().toList();
    AttentionShape heads =
        AttentionShape.of(
            size.heads(),
            size.keyValueHeads().orElse(size.heads()),
            size.hiddenSize() / size.heads());
    return source.withLayers(layers).resized(size.hiddenSize(), heads, size.intermediateSize());
  }

  private DecoderConfig cut() {
    return source
        .withLayers(student.layersOf(source.layers()))
        .resized(
            hiddenSize(),
            source.attention().withHeads(heads(), keyValueHeads()),
            student.intermediateSize().orElse(source.intermediateSize()));
  }

  private int heads() {
    AttentionShape all = source.attention();
    return student
        .heads()
        .or(() -> student.keyValueHeads().map(count -> count * all.group()))
        .or(() ->
            student
                .hiddenSize()
                .filter(_ -> source.family().headsFillWidth())
                .map(width -> Math.max(1, width / all.headSize())))
        .orElse(all.heads());
  }

  private int keyValueHeads() {
    AttentionShape all = source.attention();
    boolean whole = heads() % all.group() == 0;
    return student.keyValueHeads().orElse(whole ? heads() / all.group() : all.keyValueHeads());
  }

  private int hiddenSize() {
    boolean filled = source.family().headsFillWidth();
    return student
        .hiddenSize()
        .orElse(filled ? heads() * source.attention().headSize() : source.hiddenSize());
  }
}
