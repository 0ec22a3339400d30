package dev.retort.compress;

import dev.retort.data.TokenizedDataset;
import dev.retort.model.Axis;
import dev.retort.model.EncoderConfig;
import dev.retort.model.EncoderNames;
import dev.retort.model.Parameters;
import dev.retort.model.TextClassifier;
import dev.retort.tensor.DType;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// Structured pruning of width: the channels, heads and feed-forward neurons of a classifier that
/// are most active, as a smaller classifier of the same kind ([Importance]).
///
/// What is cut away is replaced by what it usually was, so that the rest goes on to read what it is
/// used to:
///
/// * A dropped feature is read as its mean, which becomes part of the reader's bias (bias
///   compensation: An et al. 2024, *Fluctuation-based Adaptive Structured Pruning for Large
///   Language Models*, arXiv 2312.11983). Nothing changes where the feature was constant.
/// * A normalisation over fewer channels divides by the deviation of those only. Its gain is
///   multiplied by their usual share in the whole deviation, `√(mean over kept of n² / mean of
///   n²)`, `n` being the normalised channels. Nothing changes where this share was constant and the
///   kept channels had no mean.
public final class WidthPruning {

  private final TextClassifier model;
  private final Activations seen;

  private WidthPruning(TextClassifier model, Activations seen) {
    this.model = model;
    this.seen = seen;
  }

  /// Measures what matters in `model` by its answers about `texts`.
  public static WidthPruning of(TextClassifier model, TokenizedDataset texts) {
    return new WidthPruning(model, Activations.of(model, texts));
  }

  /// The classifier with as many layers, and `heads` heads as wide as they were, `hiddenSize`
  /// channels and `intermediateSize` neurons in each. The caller owns it; the model stays as it is.
  ///
  /// @throws IllegalArgumentException if that would widen the model, or the heads do not fill the
  ///   channels: `hiddenSize = heads · headSize`, as in every checkpoint of these families
  public TextClassifier narrowed(int hiddenSize, int heads, int intermediateSize) {
    EncoderConfig from = model.config();
    if (hiddenSize > from.hiddenSize()
        || intermediateSize > from.intermediateSize()
        || hiddenSize != heads * from.headSize()) {
      throw new IllegalArgumentException(
          "a model of hidden size %d, %d heads and intermediate size %d cannot be narrowed to %d, %d and %d"
              .formatted(
                  from.hiddenSize(),
                  from.heads(),
                  from.intermediateSize(),
                  hiddenSize,
                  heads,
                  intermediateSize));
    }
    EncoderConfig to = from.resized(from.layers(), hiddenSize, heads, intermediateSize);
    Kept kept = Kept.of(new Importance(seen, from, model.head()), to);
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      for (String name : model.parameters().byName().sequencedKeySet()) {
        tensors.put(name, cut(name, kept).copy().keep().requiresGrad());
      }
    }
    return new TextClassifier(to, model.head(), model.labels(), new Parameters(tensors));
  }

  private Tensor cut(String name, Kept kept) {
    OptionalInt layer = EncoderNames.layerOf(name);
    List<Axis> axes = Axis.of(name, model.head());
    Tensor tensor = compensated(name, layer, kept);
    for (int dim = 0; dim < axes.size(); dim++) {
      var places = kept.of(axes.get(dim), layer);
      if (places.isPresent()) {
        tensor = tensor.indexSelect(dim, indices(places.get()));
      }
    }
    return tensor;
  }

  private static Tensor indices(int[] places) {
    return Tensors.of(IntStream.of(places).asLongStream().toArray(), places.length);
  }

  /// The parameter, still whole, with what makes up for what will be cut away.
  private Tensor compensated(String name, OptionalInt layer, Kept kept) {
    Tensor tensor = model.parameters().get(name).detach();
    String module = name.substring(0, name.lastIndexOf('.'));
    boolean weight = name.endsWith(".weight");
    boolean normalises = module.endsWith("LayerNorm");
    if (weight != normalises) {
      return tensor; // matrices, tables, and what normalisations add at the end
    }
    Axis read = Axis.of(module + ".weight", model.head()).getLast();
    int[] places = kept.of(read, layer).orElseThrow();
    return normalises
        ? tensor.times(gain(module, places))
        : tensor.to(DType.FLOAT64).plus(usual(module, places)).to(DType.FLOAT32);
  }

  /// How much smaller the deviation over the kept channels usually is than that over all.
  private double gain(String norm, int[] kept) {
    double[] squares = seen.of(norm).meanSquares();
    double all =
        IntStream.range(0, squares.length).mapToDouble(i -> squares[i]).average().orElseThrow();
    return Math.sqrt(IntStream.of(kept).mapToDouble(i -> squares[i]).average().orElseThrow() / all);
  }

  /// What the dropped features usually add to what `module` yields, `FLOAT64` `[out]`.
  private Tensor usual(String module, int[] kept) {
    double[] means = seen.of(asObserved(module)).means();
    IntStream.of(kept).forEach(place -> means[place] = 0);
    return model
        .parameters()
        .get(module + ".weight")
        .detach()
        .to(DType.FLOAT64)
        .matmul(Tensors.of(means, means.length));
  }

  /// Keys and values read what queries read.
  private static String asObserved(String module) {
    return module
        .replace(EncoderNames.KEY, EncoderNames.QUERY)
        .replace(EncoderNames.VALUE, EncoderNames.QUERY);
  }
}
