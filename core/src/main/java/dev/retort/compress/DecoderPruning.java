package dev.retort.compress;

import dev.retort.data.SequenceDataset;
import dev.retort.model.Parameters;
import dev.retort.model.decoder.AttentionShape;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderAxis;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.DecoderNames;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// Structured pruning of a language model's width: the channels, heads and feed-forward neurons
/// that are most active, as a smaller model of the same family ([DecoderImportance]).
///
/// What is cut away is read as nothing. As in [WidthPruning], the gain of every normalisation of
/// the residual stream is multiplied by the usual share of the kept channels in what it divides by.
/// Families that multiply embeddings by `√D` get theirs multiplied by `√(D / D′)`; where the head
/// is that embedding too, the gain of the last normalisation makes up for it.
public final class DecoderPruning {

  private final CausalLanguageModel model;
  private final Activations seen;

  private DecoderPruning(CausalLanguageModel model, Activations seen) {
    this.model = model;
    this.seen = seen;
  }

  /// Measures what matters in `model` by all tokens of `texts`.
  public static DecoderPruning of(CausalLanguageModel model, SequenceDataset texts) {
    return new DecoderPruning(model, Activations.of(model, texts));
  }

  /// The model of shape `to`, which differs from the model's in its width only: heads are as wide
  /// as they were. The caller owns it; the model stays as it is.
  ///
  /// @throws IllegalArgumentException if that would widen the model
  public CausalLanguageModel narrowed(DecoderConfig to) {
    requireNarrower(to);
    Kept<DecoderAxis> kept = new DecoderImportance(seen, model.config()).kept(to);
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      model
          .parameters()
          .byName()
          .forEach((name, tensor) ->
              tensors.put(name, cut(name, tensor.detach(), kept).copy().keep().requiresGrad()));
    }
    return new CausalLanguageModel(to, new Parameters(tensors));
  }

  private void requireNarrower(DecoderConfig to) {
    DecoderConfig from = model.config();
    AttentionShape heads = from.attention();
    AttentionShape fewer = to.attention();
    if (!from.resized(to.hiddenSize(), fewer, to.intermediateSize()).equals(to)
        || !heads.withHeads(fewer.heads(), fewer.keyValueHeads()).equals(fewer)
        || to.hiddenSize() > from.hiddenSize()
        || to.intermediateSize() > from.intermediateSize()
        || fewer.keyValueHeads() > heads.keyValueHeads()
        || fewer.group() > heads.group()) {
      throw new IllegalArgumentException(
          "%s cannot be narrowed to %s; only width, heads of the same width and neurons can be fewer"
              .formatted(from, to));
    }
  }

  private Tensor cut(String name, Tensor whole, Kept<DecoderAxis> kept) {
    int[] channels = kept.places(DecoderAxis.HIDDEN, OptionalInt.empty()).orElseThrow();
    String module = name.substring(0, name.lastIndexOf('.'));
    Tensor tensor = whole;
    if (DecoderNames.isNorm(module) && name.endsWith(".weight")) {
      double gain = seen.of(module).share(channels) * gainBeforeHead(module, channels.length);
      tensor = model.config().family().traits().norm().scaled(tensor, gain);
    } else if (name.equals(DecoderNames.WORD)) {
      tensor = tensor.times(wordFactor(channels.length));
    }
    return kept.cut(tensor, DecoderAxis.of(name), DecoderNames.layerOf(name));
  }

  /// What embeddings lose when the root of the width that they are multiplied by becomes smaller.
  private double wordFactor(int channels) {
    DecoderConfig config = model.config();
    return config.family().traits().scaledEmbedding()
        ? Math.sqrt((double) config.hiddenSize() / channels)
        : 1;
  }

  private double gainBeforeHead(String module, int channels) {
    return module.equals(DecoderNames.NORM) && model.config().tied() ? 1 / wordFactor(channels) : 1;
  }
}
