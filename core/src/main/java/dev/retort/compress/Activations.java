package dev.retort.compress;

import dev.retort.data.Batch;
import dev.retort.data.BatchSource;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.EncoderConfig;
import dev.retort.model.ForwardMode;
import dev.retort.model.Sweep;
import dev.retort.model.TextClassifier;
import dev.retort.model.TokenBatch;
import dev.retort.model.TokenBatches;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.DecoderNames;
import dev.retort.model.decoder.Norm;
import dev.retort.tensor.Functions;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// How strongly the features are active that each part of a network reads, over some texts. Padding
/// counts in nothing.
///
/// @param byModule by canonical name without `.weight`; a normalisation's are of its input less
///   mean and over deviation, before gain and bias
record Activations(Map<String, Moments> byModule) {

  Activations {
    byModule = Map.copyOf(byModule);
  }

  /// What `model` shows on `texts`, in 32 bits and without dropout. The same texts give the same
  /// numbers, bit for bit.
  static Activations of(TextClassifier model, TokenizedDataset texts) {
    return of(texts, batch -> of(model, batch));
  }

  /// What `model` shows on all tokens of `texts`. The same texts give the same numbers, bit for
  /// bit.
  static Activations of(CausalLanguageModel model, SequenceDataset texts) {
    return of(texts, batch -> of(model, batch));
  }

  private static <B extends Batch> Activations of(
      BatchSource<B> texts, Function<B, Map<String, Moments>> seen) {
    Map<String, Moments> all = new LinkedHashMap<>();
    Sweep.over(
        texts,
        seen,
        (_, some) -> some.forEach((module, moments) -> all.merge(module, moments, Moments::plus)),
        _ -> {});
    return new Activations(all);
  }

  private static Map<String, Moments> of(CausalLanguageModel model, SequenceBatch batch) {
    Map<String, Moments> seen = new LinkedHashMap<>();
    DecoderConfig config = model.config();
    Norm norm = config.family().traits().norm();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      model.forward(
          batch,
          ForwardMode.EVALUATE.observedBy((module, inputND) -> {
            Tensor readND =
                DecoderNames.isNorm(module) ? norm.bare(inputND, config.normEpsilon()) : inputND;
            seen.put(module, Moments.of(readND));
          }));
    }
    return seen;
  }

  private static Map<String, Moments> of(TextClassifier model, TextBatch batch) {
    Map<String, Moments> seen = new LinkedHashMap<>();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      TokenBatch tokens = TokenBatches.of(batch);
      Tensor real = tokens.maskBT().reshape(-1).indicesOfNonZero();
      model.forward(
          tokens,
          ForwardMode.EVALUATE.observedBy((module, input) -> {
            Tensor rowsND =
                input.rank() == 3 ? input.reshape(-1, input.size(2)).indexSelect(0, real) : input;
            Tensor readND =
                module.endsWith("LayerNorm") ? normalised(rowsND, model.config()) : rowsND;
            seen.put(module, Moments.of(readND));
          }));
    }
    return seen;
  }

  private static Tensor normalised(Tensor rowsND, EncoderConfig config) {
    long width = rowsND.size(1);
    return Functions.layerNorm(
        rowsND, Tensors.ones(width), Tensors.zeros(width), config.layerNormEpsilon());
  }

  /// What `module` reads.
  Moments of(String module) {
    Moments moments = byModule.get(module);
    if (moments == null) {
      throw new IllegalArgumentException(
          "'%s' was not seen; these were: %s".formatted(module, byModule.keySet()));
    }
    return moments;
  }
}
