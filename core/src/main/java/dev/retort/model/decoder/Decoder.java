package dev.retort.model.decoder;

import dev.retort.model.ForwardMode;
import dev.retort.model.Parameters;
import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A pre-norm transformer decoder: the computation that all families of [DecoderFamily] share, but
/// for the head.
///
/// The residual stream, rotations, softmax and normalisation are `FLOAT32`; matrix products run in
/// the precision of the [ForwardMode].
///
/// @param config the shape
/// @param parameters tensors by canonical name
/// @param adapters what is added to what its matrices yield, if it is being adapted
record Decoder(DecoderConfig config, Parameters parameters, Optional<Adapters> adapters) {

  /// The states of all tokens, in between too if `mode` captures.
  DecoderOutput forward(TokenRows tokens, CausalAttention attention, ForwardMode mode) {
    Map<Rope, Rotation> rotations = rotations(tokens);
    Checkpointed.Layer layer =
        (index, hiddenND) -> {
          Optional<Rotation> rotation = config.spans().get(index).rope().map(rotations::get);
          return layer(index, hiddenND, rotation, attention, mode);
        };
    if (mode.checkpointed()) {
      Checkpointed layers = new Checkpointed(config.layers(), embed(tokens), layer);
      return output(layers.states(), mode).completedBy(layers::backward);
    }
    List<Tensor> states = new ArrayList<>(List.of(embed(tokens)));
    for (int index = 0; index < config.layers(); index++) {
      int current = index;
      Tensor hiddenND = states.getLast();
      // Otherwise all that every layer computes would be held until the end of the pass.
      states.add(Scope.within(() -> layer.of(current, hiddenND)));
    }
    return output(states, mode);
  }

  /// @param states what every layer reads, and what the last one yields
  private DecoderOutput output(List<Tensor> states, ForwardMode mode) {
    Tensor lastND =
        mode.observed(DecoderNames.HEAD_MODULE, norm(DecoderNames.NORM, states.getLast(), mode));
    if (!mode.capture()) {
      return new DecoderOutput(lastND, List.of());
    }
    List<Tensor> all = new ArrayList<>(states.subList(0, config.layers()));
    all.add(lastND);
    return new DecoderOutput(lastND, all);
  }

  private Map<Rope, Rotation> rotations(TokenRows tokens) {
    return config.spans().stream()
        .flatMap(span -> span.rope().stream())
        .distinct()
        .collect(
            Collectors.toMap(
                rope -> rope,
                rope -> Rotation.of(rope, tokens.positions(), config.attention().headSize())));
  }

  private Tensor embed(TokenRows tokens) {
    Tensor wordsND =
        Functions.lookup(parameters.get(DecoderNames.WORD), tokens.idsN()).to(DType.FLOAT32);
    if (config.family().traits().scaledEmbedding()) {
      wordsND = wordsND.times(Math.sqrt(config.hiddenSize()));
    }
    return config.spans().getFirst().rope().isPresent()
        ? wordsND
        : wordsND.plus(
            Functions.embedding(parameters.get(DecoderNames.POSITION), tokens.positionsN()));
  }

  private Tensor layer(
      int index,
      Tensor hiddenND,
      Optional<Rotation> rotation,
      CausalAttention attention,
      ForwardMode mode) {
    Traits traits = config.family().traits();
    Tensor inputND = norm(DecoderNames.layer(index, DecoderNames.ATTENTION_NORM), hiddenND, mode);
    Tensor foundND = attended(index, inputND, rotation, attention, mode).to(DType.FLOAT32);
    Tensor middleND = hiddenND.plus(branch(index, DecoderNames.AFTER_ATTENTION, foundND, mode));
    String norm = DecoderNames.layer(index, DecoderNames.feedForwardNorm(traits));
    Tensor fedND = feedForward(index, norm(norm, middleND, mode), mode).to(DType.FLOAT32);
    return middleND.plus(branch(index, DecoderNames.AFTER_FEED_FORWARD, fedND, mode));
  }

  private Tensor branch(int index, String norm, Tensor yieldedND, ForwardMode mode) {
    return config.family().traits().branchNorms()
        ? norm(DecoderNames.layer(index, norm), yieldedND, mode)
        : yieldedND;
  }

  private Tensor attended(
      int index,
      Tensor inputND,
      Optional<Rotation> rotation,
      CausalAttention attention,
      ForwardMode mode) {
    AttentionShape shape = config.attention();
    boolean biased = config.biases().queryKeyValue();
    DType type = mode.precision().dtype();
    Tensor narrowND =
        mode.observed(DecoderNames.layer(index, DecoderNames.QUERY), inputND.to(type));
    Tensor query = heads(index, DecoderNames.QUERY, narrowND, shape.heads(), biased, mode);
    Tensor key = heads(index, DecoderNames.KEY, narrowND, shape.keyValueHeads(), biased, mode);
    Tensor value = heads(index, DecoderNames.VALUE, narrowND, shape.keyValueHeads(), biased, mode);
    Tensor foundNHd =
        attention.attend(
            index,
            turned(index, DecoderNames.QUERY_NORM, query, rotation).times(shape.scale()).to(type),
            turned(index, DecoderNames.KEY_NORM, key, rotation).to(type),
            value);
    mode.observed(DecoderNames.layer(index, DecoderNames.ATTENTION_OUTPUT), foundNHd);
    return linear(index, DecoderNames.ATTENTION_OUTPUT, foundNHd, config.biases().output(), mode);
  }

  private Tensor heads(
      int index, String part, Tensor inputND, int heads, boolean biased, ForwardMode mode) {
    return linear(index, part, inputND, biased, mode)
        .reshape(inputND.size(0), heads, config.attention().headSize());
  }

  private Tensor turned(int index, String norm, Tensor xNHd, Optional<Rotation> rotation) {
    Tensor wide = xNHd.to(DType.FLOAT32);
    Tensor normed =
        config.family().traits().queryKeyNorm()
            ? norm(DecoderNames.layer(index, norm), wide)
            : wide;
    return rotation.map(turn -> turn.turned(normed)).orElse(normed);
  }

  private Tensor feedForward(int index, Tensor inputND, ForwardMode mode) {
    boolean biased = config.biases().feedForward();
    Tensor narrowND =
        mode.observed(
            DecoderNames.layer(index, DecoderNames.UP), inputND.to(mode.precision().dtype()));
    Tensor upNF = linear(index, DecoderNames.UP, narrowND, biased, mode);
    Tensor wideNF =
        config.family().traits().gated()
            ? config
                .activation()
                .apply(linear(index, DecoderNames.GATE, narrowND, biased, mode))
                .times(upNF)
            : config.activation().apply(upNF);
    mode.observed(DecoderNames.layer(index, DecoderNames.DOWN), wideNF);
    return linear(index, DecoderNames.DOWN, wideNF, biased, mode);
  }

  private Tensor linear(int index, String part, Tensor x, boolean biased, ForwardMode mode) {
    String name = DecoderNames.layer(index, part);
    DType type = mode.precision().dtype();
    Tensor y =
        Functions.linear(
            x,
            parameters.get(name + ".weight").to(type),
            biased ? Optional.of(parameters.get(name + ".bias").to(type)) : Optional.empty());
    return adapters.map(some -> some.added(name, x, y)).orElse(y);
  }

  private Tensor norm(String name, Tensor xND, ForwardMode mode) {
    return norm(name, mode.observed(name, xND));
  }

  private Tensor norm(String name, Tensor x) {
    return config.family().traits().norm().apply(x, parameters, name, config.normEpsilon());
  }
}
