package dev.retort.gguf.convert;

import dev.retort.gguf.FloatRows;
import dev.retort.gguf.GgufException;
import dev.retort.gguf.GgufMetadata;
import dev.retort.gguf.GgufValue;
import dev.retort.gguf.convert.DecoderShape.RopeScaling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/// Reads a decoder in Hugging Face's layout as llama.cpp sees it.
///
/// @param folder a model folder
/// @param weights its weights, open
record HuggingFaceReader(Path folder, SafetensorsFolder weights) {

  /// What a checkpoint may hold beside weights: angles and masks that every program computes.
  private static final Pattern COMPUTED =
      Pattern.compile(".*\\.(rotary_emb\\.inv_freq|attn\\.bias|attn\\.masked_bias)|");

  private static final List<String> EMBEDDINGS =
      List.of("model.embed_tokens.weight", "transformer.wte.weight", "wte.weight");
  private static final String HEAD = "lm_head.weight";

  /// Reads all but the weights, which are read when they are asked for.
  GgufModel read() throws IOException {
    JsonFile config = JsonFile.read(folder.resolve("config.json"));
    DecoderShape shape = ConfigShape.read(config, vocabularySize());
    Vocabulary vocabulary = TokenizerReader.of(folder, config).read(shape.vocabulary());
    SequencedMap<String, GgufValue> values = new LinkedHashMap<>();
    values.put(MetadataShape.ARCHITECTURE, new GgufValue.Text(shape.architecture().ggufName()));
    values.put(
        "general.name",
        new GgufValue.Text(String.valueOf(folder.toAbsolutePath().normalize().getFileName())));
    MetadataShape.write(shape, values);
    MetadataVocabulary.write(vocabulary, values);
    return new GgufModel(
        new GgufMetadata(folder.toString(), values), tensors(shape, isTied(config)));
  }

  private int vocabularySize() throws GgufException {
    for (String name : EMBEDDINGS) {
      FloatRows embedding = weights.tensors().get(name);
      if (embedding != null) {
        return Math.toIntExact(embedding.rows());
      }
    }
    throw new GgufException(
        "%s: there is no tensor %s; Retort converts decoders".formatted(folder, EMBEDDINGS));
  }

  /// Whether the output matrix is the token embedding: transformers does not write the setting
  /// where it is the class's default, but then there is no other matrix.
  private boolean isTied(JsonFile config) {
    return config.flag("tie_word_embeddings") || !weights.tensors().containsKey(HEAD);
  }

  private SequencedMap<String, FloatRows> tensors(DecoderShape shape, boolean tied)
      throws GgufException {
    List<TensorRule> rules = TensorRule.of(shape.architecture());
    SequencedMap<String, FloatRows> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, FloatRows> tensor : weights.tensors().entrySet()) {
      String name = tensor.getKey();
      if (COMPUTED.matcher(name).matches() || (tied && name.equals(HEAD))) {
        continue;
      }
      TensorRule.Match match =
          TensorRule.ofHuggingFace(rules, name)
              .orElseThrow(() ->
                  new GgufException(
                      "%s: tensor '%s' is none that Retort knows for %s, so the model would not be whole"
                          .formatted(folder, name, shape.architecture().modelType())));
      tensors.put(match.name(), match.layout().toGguf(tensor.getValue(), shape.attention()));
    }
    if (shape.rope().scaling().orElse(null) instanceof RopeScaling.Llama3 scaling) {
      float[] divisors = scaling.divisors(shape.rope().base(), shape.attention().headSize());
      tensors.put(MetadataShape.ROPE_FREQUENCIES, new HeldRow(divisors));
    }
    return tensors;
  }
}
