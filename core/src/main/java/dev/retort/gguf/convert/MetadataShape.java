package dev.retort.gguf.convert;

import dev.retort.gguf.FloatRows;
import dev.retort.gguf.GgufException;
import dev.retort.gguf.GgufMetadata;
import dev.retort.gguf.GgufValue;
import dev.retort.gguf.convert.DecoderShape.Attention;
import dev.retort.gguf.convert.DecoderShape.Rope;
import dev.retort.gguf.convert.DecoderShape.RopeScaling;
import java.io.IOException;
import java.util.Optional;
import java.util.SequencedMap;

/// A decoder's hyperparameters in the metadata of a GGUF file.
final class MetadataShape {

  static final String ARCHITECTURE = "general.architecture";

  /// The tensor with what Llama 3's frequencies are divided by.
  static final String ROPE_FREQUENCIES = "rope_freqs.weight";

  private static final double TOLERANCE = 1e-3;

  private MetadataShape() {}

  /// Reads the hyperparameters of `model`.
  static DecoderShape read(GgufModel model) throws IOException {
    GgufMetadata metadata = model.metadata();
    Architecture architecture = architecture(metadata);
    String prefix = architecture.ggufName() + ".";
    requireDense(metadata, prefix);
    int hidden = metadata.size(prefix + "embedding_length");
    int heads = metadata.size(prefix + "attention.head_count");
    int headSize = headSize(metadata, prefix, hidden, heads);
    Attention attention =
        new Attention(
            heads,
            metadata.findSize(prefix + "attention.head_count_kv").orElse(heads),
            headSize,
            metadata.findSize(prefix + "attention.sliding_window").filter(window -> window > 0));
    return new DecoderShape(
        architecture,
        metadata.size(prefix + "block_count"),
        hidden,
        metadata.size(prefix + "feed_forward_length"),
        metadata.size(prefix + "context_length"),
        Math.toIntExact(model.tensor(GgufModel.TOKEN_EMBEDDING).rows()),
        metadata.number(prefix + epsilonKey(architecture)),
        attention,
        rope(model, prefix, headSize));
  }

  /// Adds `shape` to the metadata.
  static void write(DecoderShape shape, SequencedMap<String, GgufValue> values) {
    Architecture architecture = shape.architecture();
    Attention attention = shape.attention();
    String prefix = architecture.ggufName() + ".";
    values.put(prefix + "block_count", GgufValue.uint32(shape.layers()));
    values.put(prefix + "context_length", GgufValue.uint32(shape.context()));
    values.put(prefix + "embedding_length", GgufValue.uint32(shape.hidden()));
    values.put(prefix + "feed_forward_length", GgufValue.uint32(shape.feedForward()));
    values.put(prefix + "attention.head_count", GgufValue.uint32(attention.heads()));
    values.put(prefix + epsilonKey(architecture), GgufValue.float32(shape.epsilon()));
    values.put(prefix + "vocab_size", GgufValue.uint32(shape.vocabulary()));
    if (!architecture.isModern()) {
      return;
    }
    values.put(prefix + "attention.head_count_kv", GgufValue.uint32(attention.keyValueHeads()));
    values.put(prefix + "attention.key_length", GgufValue.uint32(attention.headSize()));
    values.put(prefix + "attention.value_length", GgufValue.uint32(attention.headSize()));
    values.put(prefix + "rope.dimension_count", GgufValue.uint32(attention.headSize()));
    values.put(prefix + "rope.freq_base", GgufValue.float32(shape.rope().base()));
    attention
        .window()
        .ifPresent(window -> {
          values.put(prefix + "attention.sliding_window", GgufValue.uint32(window));
          values.put(prefix + "rope.freq_base_swa", GgufValue.float32(shape.rope().localBase()));
        });
    shape.rope().scaling().ifPresent(scaling -> writeScaling(scaling, prefix, values));
  }

  private static void writeScaling(
      RopeScaling scaling, String prefix, SequencedMap<String, GgufValue> values) {
    switch (scaling) {
      case RopeScaling.Linear(double factor) -> {
        values.put(prefix + "rope.scaling.type", new GgufValue.Text("linear"));
        values.put(prefix + "rope.scaling.factor", GgufValue.float32(factor));
      }
      case RopeScaling.Yarn(double factor, int context) -> {
        values.put(prefix + "rope.scaling.type", new GgufValue.Text("yarn"));
        values.put(prefix + "rope.scaling.factor", GgufValue.float32(factor));
        values.put(prefix + "rope.scaling.original_context_length", GgufValue.uint32(context));
      }
      case RopeScaling.Llama3 _ -> {} // is a tensor
    }
  }

  private static Architecture architecture(GgufMetadata metadata) throws GgufException {
    String name = metadata.text(ARCHITECTURE);
    return Architecture.ofGgufName(name)
        .orElseThrow(() ->
            new GgufException(
                "%s: the architecture '%s' cannot be converted; Retort knows %s"
                    .formatted(metadata.origin(), name, Architecture.ggufNames())));
  }

  private static void requireDense(GgufMetadata metadata, String prefix) throws GgufException {
    int experts = metadata.findSize(prefix + "expert_count").orElse(0);
    if (experts > 0) {
      throw new GgufException(
          "%s: the model has %d experts; Retort converts models without experts"
              .formatted(metadata.origin(), experts));
    }
  }

  private static String epsilonKey(Architecture architecture) {
    return architecture.isModern()
        ? "attention.layer_norm_rms_epsilon"
        : "attention.layer_norm_epsilon";
  }

  private static int headSize(GgufMetadata metadata, String prefix, int hidden, int heads)
      throws GgufException {
    if (heads < 1) {
      throw new GgufException(
          "%s: metadata '%sattention.head_count' must be at least 1, found %d"
              .formatted(metadata.origin(), prefix, heads));
    }
    Optional<Integer> stated = metadata.findSize(prefix + "attention.key_length");
    return stated.isPresent()
        ? stated.get()
        : metadata.findSize(prefix + "rope.dimension_count").orElse(hidden / heads);
  }

  private static Rope rope(GgufModel model, String prefix, int headSize) throws IOException {
    GgufMetadata metadata = model.metadata();
    double base = metadata.findNumber(prefix + "rope.freq_base").orElse(Rope.DEFAULT_BASE);
    double local = metadata.findNumber(prefix + "rope.freq_base_swa").orElse(Rope.DEFAULT_BASE);
    FloatRows frequencies = model.tensors().get(ROPE_FREQUENCIES);
    if (frequencies != null) {
      return new Rope(base, local, Optional.of(llama3(model, frequencies, base, headSize)));
    }
    String type = metadata.findText(prefix + "rope.scaling.type").orElse("none");
    Optional<RopeScaling> scaling =
        switch (type) {
          case "none" -> Optional.empty();
          case "linear" ->
              Optional.of(new RopeScaling.Linear(metadata.number(prefix + "rope.scaling.factor")));
          case "yarn" ->
              Optional.of(
                  new RopeScaling.Yarn(
                      metadata.number(prefix + "rope.scaling.factor"),
                      metadata.size(prefix + "rope.scaling.original_context_length")));
          default ->
              throw new GgufException(
                  "%s: metadata '%srope.scaling.type' is '%s'; Retort knows none, linear and yarn"
                      .formatted(metadata.origin(), prefix, type));
        };
    return new Rope(base, local, scaling);
  }

  /// Llama 3's scaling, of which a GGUF file only has the result: every model of the family was
  /// stretched from 8192 tokens with the same bounds, and by the largest of the divisors.
  private static RopeScaling llama3(
      GgufModel model, FloatRows frequencies, double base, int headSize) throws IOException {
    float[] divisors = new float[frequencies.columns()];
    frequencies.read(0, divisors);
    float factor = 1;
    for (float divisor : divisors) {
      factor = Math.max(factor, divisor);
    }
    RopeScaling.Llama3 scaling = new RopeScaling.Llama3(factor, 1, 4, 8192);
    float[] expected = scaling.divisors(base, headSize);
    for (int i = 0; i < divisors.length; i++) {
      if (divisors.length != expected.length
          || Math.abs(divisors[i] - expected[i]) > TOLERANCE * expected[i]) {
        throw new GgufException(
            "%s: tensor '%s' is not Llama 3's for a factor of %s, and no other is known"
                .formatted(model.origin(), ROPE_FREQUENCIES, factor));
      }
    }
    return scaling;
  }
}
