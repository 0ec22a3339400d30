package dev.retort.gguf.convert;

import dev.retort.gguf.FloatRows;
import dev.retort.gguf.GgufException;
import dev.retort.gguf.GgufType;
import dev.retort.gguf.convert.Vocabulary.Specials;
import dev.retort.tensor.DType;
import dev.retort.tensor.SafetensorsWriter;
import dev.retort.tensor.TensorSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.node.ObjectNode;

/// Writes a decoder in Hugging Face's layout: `config.json`, `generation_config.json`,
/// `model.safetensors` and the tokenizer's files.
///
/// @param model the decoder
/// @param dtype how weights are stored
record HuggingFaceWriter(GgufModel model, DType dtype) {

  private static final String BIAS = ".bias";

  /// Fills the empty folder `folder`.
  void write(Path folder) throws IOException {
    DecoderShape shape = MetadataShape.read(model);
    Vocabulary vocabulary = MetadataVocabulary.read(model.metadata());
    requireEmbeddings(vocabulary, shape);
    SequencedMap<String, TensorSource> tensors = tensors(shape);
    ObjectNode config = ConfigShape.write(shape);
    config.put("tie_word_embeddings", !model.tensors().containsKey(GgufModel.OUTPUT));
    if (shape.architecture().isModern()) {
      config.put("attention_bias", hasBias("blk.0.attn_q"));
    }
    if (shape.architecture() == Architecture.LLAMA) {
      config.put("mlp_bias", hasBias("blk.0.ffn_up"));
    }
    config.put("torch_dtype", torchName());
    putIds(config, vocabulary.specials());
    new TokenizerWriter(vocabulary, shape.context()).write(folder);
    SafetensorsWriter.writeInParts(
        folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
    ObjectNode generation = JsonFile.object();
    putIds(generation, vocabulary.specials());
    JsonFile.write(folder.resolve("generation_config.json"), generation);
    JsonFile.write(folder.resolve("config.json"), config);
  }

  private void requireEmbeddings(Vocabulary vocabulary, DecoderShape shape) throws GgufException {
    if (vocabulary.tokens().size() > shape.vocabulary()) {
      throw new GgufException(
          "%s: the tokenizer has %d tokens, but there are embeddings for %d"
              .formatted(model.origin(), vocabulary.tokens().size(), shape.vocabulary()));
    }
  }

  private SequencedMap<String, TensorSource> tensors(DecoderShape shape) throws GgufException {
    List<TensorRule> rules = TensorRule.of(shape.architecture());
    SequencedMap<String, TensorSource> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, FloatRows> tensor : model.tensors().entrySet()) {
      String name = tensor.getKey();
      if (name.equals(MetadataShape.ROPE_FREQUENCIES)) {
        continue; // is in the configuration
      }
      TensorRule.Match match =
          TensorRule.ofGguf(rules, name)
              .orElseThrow(() ->
                  new GgufException(
                      "%s: tensor '%s' is none that Retort knows for %s, so the model would not be whole"
                          .formatted(model.origin(), name, shape.architecture().ggufName())));
      FloatRows rows = match.layout().toHuggingFace(tensor.getValue(), shape.attention());
      tensors.put(match.name(), source(name, rows));
    }
    return tensors;
  }

  private TensorSource source(String name, FloatRows rows) {
    GgufType type = type();
    return new TensorSource(
        dtype,
        rows.shape(),
        sink -> {
          float[] values = new float[rows.columns()];
          byte[] bytes = new byte[type.rowBytes(values.length)];
          for (long row = 0; row < rows.rows(); row++) {
            rows.read(row, values);
            type.requireInRange("%s: tensor '%s'".formatted(model.origin(), name), row, values);
            type.encode(values, values.length, bytes);
            sink.accept(MemorySegment.ofArray(bytes));
          }
        });
  }

  /// The GGUF type whose elements are those of the safetensors type.
  private GgufType type() {
    return switch (dtype) {
      case FLOAT32 -> GgufType.F32;
      case FLOAT16 -> GgufType.F16;
      case BFLOAT16 -> GgufType.BF16;
      default ->
          throw new IllegalArgumentException(
              "weights are stored as FLOAT32, FLOAT16 or BFLOAT16, not as " + dtype);
    };
  }

  private String torchName() {
    return switch (type()) {
      case F32 -> "float32";
      case F16 -> "float16";
      default -> "bfloat16";
    };
  }

  private boolean hasBias(String name) {
    return model.tensors().containsKey(name + BIAS);
  }

  private static void putIds(ObjectNode node, Specials specials) {
    specials.begin().ifPresent(id -> node.put("bos_token_id", id));
    specials.end().ifPresent(id -> node.put("eos_token_id", id));
    specials.padding().ifPresent(id -> node.put("pad_token_id", id));
  }
}
