package dev.retort.model;

import static dev.retort.model.EncoderNames.ATTENTION_NORM;
import static dev.retort.model.EncoderNames.ATTENTION_OUTPUT;
import static dev.retort.model.EncoderNames.EMBEDDING_NORM;
import static dev.retort.model.EncoderNames.INTERMEDIATE;
import static dev.retort.model.EncoderNames.KEY;
import static dev.retort.model.EncoderNames.OUTPUT;
import static dev.retort.model.EncoderNames.OUTPUT_NORM;
import static dev.retort.model.EncoderNames.POSITION;
import static dev.retort.model.EncoderNames.QUERY;
import static dev.retort.model.EncoderNames.TOKEN_TYPE;
import static dev.retort.model.EncoderNames.VALUE;
import static dev.retort.model.EncoderNames.WORD;

import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A post-norm transformer encoder (Vaswani et al. 2017; Devlin et al. 2019): the computation that
/// all families of [Family] share.
///
/// The residual stream, softmax and normalisation are `FLOAT32`; matrix products run in the
/// precision of the [ForwardMode].
///
/// @param config the shape
/// @param parameters tensors by canonical name
record Encoder(EncoderConfig config, Parameters parameters) {

  /// What attention hands out besides its result.
  private record Capture(List<Tensor> scores, List<AttentionVectors> vectors) {}

  /// Stands for −∞ before a softmax without making a row of only padding undefined.
  private static final double MASKED = -1e9;

  /// One pass over `batch`.
  EncoderOutput forward(TokenBatch batch, ForwardMode mode) {
    Tensor biasB11T = attentionBias(batch.maskBT());
    Tensor hiddenBTD = embed(batch, mode);
    List<Tensor> states = new ArrayList<>();
    Capture capture = new Capture(new ArrayList<>(), new ArrayList<>());
    if (mode.capture()) {
      states.add(hiddenBTD);
    }
    // Where nobody looks into a layer, what it computes is given back when it ends.
    boolean seen = mode.capture() || mode.observer().isPresent();
    for (int index = 0; index < config.layers(); index++) {
      int layer = index;
      Tensor inputBTD = hiddenBTD;
      hiddenBTD =
          seen
              ? layer(layer, inputBTD, biasB11T, mode, capture)
              : Scope.within(() -> layer(layer, inputBTD, biasB11T, mode, capture));
      if (mode.capture()) {
        states.add(hiddenBTD);
      }
    }
    return new EncoderOutput(hiddenBTD, states, capture.scores(), capture.vectors());
  }

  private static Tensor attentionBias(Tensor maskBT) {
    return maskBT.to(DType.FLOAT32).plus(-1).times(-MASKED).unsqueeze(1).unsqueeze(1);
  }

  private Tensor embed(TokenBatch batch, ForwardMode mode) {
    Tensor sum =
        Functions.lookup(parameters.get(WORD), batch.idsBT())
            .plus(Functions.embedding(parameters.get(POSITION), positions(batch)));
    if (config.tokenTypes() > 0) {
      sum = sum.plus(Functions.embedding(parameters.get(TOKEN_TYPE), batch.typeIdsBT()));
    }
    return Functions.dropout(
        norm(EMBEDDING_NORM, mode.mixed(sum), mode), config.dropout(), mode.dropout());
  }

  /// `[1, T]` numbers that broadcast over the batch. Padding is on the right, so that real tokens
  /// are numbered as the families number them; what padding is numbered does not matter.
  private Tensor positions(TokenBatch batch) {
    long length = batch.idsBT().size(1);
    long first = config.family().firstPosition(config.padId());
    long[] numbers = new long[Math.toIntExact(length)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = first + i;
    }
    return Tensors.of(numbers, 1, length).to(batch.idsBT().device());
  }

  private Tensor layer(
      int index, Tensor hiddenBTD, Tensor biasB11T, ForwardMode mode, Capture capture) {
    Tensor attendedBTD = attention(index, hiddenBTD, biasB11T, mode, capture);
    Tensor middleBTD = residual(index, ATTENTION_NORM, hiddenBTD, attendedBTD, mode);
    Tensor wideBTF =
        config.activation().apply(linear(EncoderNames.layer(index, INTERMEDIATE), middleBTD, mode));
    Tensor narrowBTD = linear(EncoderNames.layer(index, OUTPUT), wideBTF, mode);
    return residual(index, OUTPUT_NORM, middleBTD, narrowBTD, mode);
  }

  private Tensor attention(
      int index, Tensor hiddenBTD, Tensor biasB11T, ForwardMode mode, Capture capture) {
    Tensor inputBTD = hiddenBTD.to(mode.precision().dtype());
    List<Tensor> projectionsBHTd = projections(index, inputBTD, mode);
    Tensor queryBHTd = projectionsBHTd.get(0);
    Tensor keyBHTd = projectionsBHTd.get(1);
    Tensor valueBHTd = projectionsBHTd.get(2);
    boolean dropping = mode.dropout().isPresent() && config.attentionDropout() > 0;
    Tensor contextBHTd;
    if (mode.precision() == Precision.FP32 && !mode.capture() && !dropping) {
      contextBHTd = Functions.attention(queryBHTd, keyBHTd, valueBHTd, biasB11T);
    } else {
      Tensor scoresBHTT =
          queryBHTd
              .times(1 / Math.sqrt(config.headSize()))
              .matmul(keyBHTd.transpose(-2, -1))
              .to(DType.FLOAT32)
              .plus(biasB11T);
      if (mode.capture()) {
        capture.scores().add(scoresBHTT);
        capture.vectors().add(vectors(queryBHTd, keyBHTd, valueBHTd));
      }
      Tensor weightsBHTT =
          Functions.dropout(
              Functions.softmax(scoresBHTT, -1), config.attentionDropout(), mode.dropout());
      contextBHTd = weightsBHTT.to(mode.precision().dtype()).matmul(valueBHTd);
    }
    Tensor contextBTD =
        contextBHTd
            .transpose(1, 2)
            .reshape(hiddenBTD.size(0), hiddenBTD.size(1), config.hiddenSize());
    return linear(EncoderNames.layer(index, ATTENTION_OUTPUT), contextBTD, mode);
  }

  private AttentionVectors vectors(Tensor queryBHTd, Tensor keyBHTd, Tensor valueBHTd) {
    return new AttentionVectors(joined(queryBHTd), joined(keyBHTd), joined(valueBHTd));
  }

  /// `[B, H, T, d]` → `[B, T, D]` in 32 bits.
  private Tensor joined(Tensor xBHTd) {
    return xBHTd
        .to(DType.FLOAT32)
        .transpose(1, 2)
        .reshape(xBHTd.size(0), xBHTd.size(2), config.hiddenSize());
  }

  /// Queries, keys and values, `[B, H, T, d]` each, by one product: three narrow ones take longer.
  private List<Tensor> projections(int index, Tensor inputBTD, ForwardMode mode) {
    DType type = mode.precision().dtype();
    return Functions.linear(
            mode.observed(EncoderNames.layer(index, QUERY), inputBTD),
            joined(index, ".weight").to(type),
            Optional.of(joined(index, ".bias").to(type)))
        .reshape(inputBTD.size(0), inputBTD.size(1), 3, config.heads(), config.headSize())
        .unbind(2)
        .stream()
        .map(xBTHd -> xBTHd.transpose(1, 2))
        .toList();
  }

  private Tensor joined(int index, String kind) {
    return Tensors.concatenate(
        Stream.of(QUERY, KEY, VALUE)
            .map(part -> parameters.get(EncoderNames.layer(index, part) + kind))
            .toList(),
        0);
  }

  private Tensor residual(
      int index, String norm, Tensor inputBTD, Tensor branchBTD, ForwardMode mode) {
    Tensor dropped =
        Functions.dropout(branchBTD.to(DType.FLOAT32), config.dropout(), mode.dropout());
    return norm(EncoderNames.layer(index, norm), inputBTD.plus(dropped), mode);
  }

  private Tensor linear(String name, Tensor x, ForwardMode mode) {
    DType type = mode.precision().dtype();
    return Functions.linear(
        mode.observed(name, x.to(type)),
        parameters.get(name + ".weight").to(type),
        Optional.of(parameters.get(name + ".bias").to(type)));
  }

  private Tensor norm(String name, Tensor x, ForwardMode mode) {
    return Functions.layerNorm(
        mode.observed(name, x),
        parameters.get(name + ".weight"),
        parameters.get(name + ".bias"),
        config.layerNormEpsilon());
  }
}
