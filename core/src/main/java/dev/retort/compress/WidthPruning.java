package dev.retort.compress;

import dev.retort.data.TokenizedDataset;
import dev.retort.model.Axis;
import dev.retort.model.EncoderConfig;
import dev.retort.model.EncoderNames;
import dev.retort.model.Parameters;
import dev.retort.model.TextClassifier;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// Structured pruning of width: the channels, heads and feed-forward neurons of a classifier that
/// are most active, as a smaller classifier of the same kind ([Importance]).
///
/// What is cut away is read as nothing. A normalisation over fewer channels divides by the
/// deviation of those only, so its gain is multiplied by their usual share in the whole deviation,
/// `√(mean over kept of n² / mean of n²)`, `n` being the normalised channels: what is behind it
/// stays as large as it was. Where this share is constant and the kept channels have no mean,
/// nothing changes.
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
    requireNarrower(from, hiddenSize, heads, intermediateSize);
    EncoderConfig to = from.resized(from.layers(), hiddenSize, heads, intermediateSize);
    Kept<Axis> kept = new Importance(seen, from, model.head()).kept(to);
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      for (String name : model.parameters().byName().sequencedKeySet()) {
        tensors.put(name, cut(name, kept).copy().keep().requiresGrad());
      }
    }
    return new TextClassifier(to, model.head(), model.labels(), new Parameters(tensors));
  }

  private static void requireNarrower(
      EncoderConfig from, int hiddenSize, int heads, int intermediateSize) {
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
  }

  private Tensor cut(String name, Kept<Axis> kept) {
    Tensor tensor = model.parameters().get(name).detach();
    if (name.endsWith("LayerNorm.weight")) {
      tensor = tensor.times(gain(name.substring(0, name.lastIndexOf('.')), kept));
    }
    return kept.cut(tensor, Axis.of(name, model.head()), EncoderNames.layerOf(name));
  }

  /// How much smaller the deviation over the kept channels usually is than that over all.
  private double gain(String norm, Kept<Axis> kept) {
    return seen.of(norm).share(kept.places(Axis.HIDDEN, OptionalInt.empty()).orElseThrow());
  }
}
