package dev.retort.model.convert;

import dev.retort.tensor.RawTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The sizes of a BERT encoder, and with them the names and shapes of its tensors.
///
/// @param vocabulary rows of the word embeddings
/// @param positions rows of the position embeddings
/// @param types rows of the token type embeddings
/// @param hidden width of the hidden states
/// @param intermediate width of the feed-forward layers
/// @param layers number of encoder layers
/// @param pooler whether the encoder has a pooler
/// @param predictions whether a masked-LM head stands on the encoder
record BertShape(
    long vocabulary,
    long positions,
    long types,
    long hidden,
    long intermediate,
    int layers,
    boolean pooler,
    boolean predictions) {

  private static final String WORDS = "embeddings.word_embeddings.weight";
  private static final String POSITIONS = "embeddings.position_embeddings.weight";
  private static final String TYPES = "embeddings.token_type_embeddings.weight";
  private static final String INTERMEDIATE = "encoder.layer.0.intermediate.dense.bias";
  private static final String POOLER = "pooler.dense.weight";
  private static final String TRANSFORM = "cls.predictions.transform.";
  private static final Pattern LAYER = Pattern.compile("encoder\\.layer\\.(\\d{1,4})\\..*");

  /// The sizes that these tensors have.
  ///
  /// @throws ConversionException when a tensor that tells a size is missing
  static BertShape of(String place, Map<String, RawTensor> tensors) throws ConversionException {
    int layers = 0;
    for (String name : tensors.keySet()) {
      Matcher layer = LAYER.matcher(name);
      if (layer.matches()) {
        layers = Math.max(layers, 1 + Integer.parseInt(layer.group(1)));
      }
    }
    return new BertShape(
        size(place, tensors, WORDS, 0),
        size(place, tensors, POSITIONS, 0),
        size(place, tensors, TYPES, 0),
        size(place, tensors, WORDS, 1),
        size(place, tensors, INTERMEDIATE, 0),
        layers,
        tensors.containsKey(POOLER),
        tensors.containsKey(TRANSFORM + "dense.weight"));
  }

  /// The shape of every tensor by its name in Hugging Face's `BertModel`, in the model's order, and
  /// of the masked-LM head by its names in `BertForMaskedLM`. What the head multiplies by at last
  /// are the word embeddings.
  SequencedMap<String, List<Long>> tensors() {
    SequencedMap<String, List<Long>> shapes = new LinkedHashMap<>();
    shapes.put(WORDS, List.of(vocabulary, hidden));
    shapes.put(POSITIONS, List.of(positions, hidden));
    shapes.put(TYPES, List.of(types, hidden));
    putNorm(shapes, "embeddings.LayerNorm");
    for (int layer = 0; layer < layers; layer++) {
      String prefix = "encoder.layer." + layer + ".";
      putLinear(shapes, prefix + "attention.self.query", hidden, hidden);
      putLinear(shapes, prefix + "attention.self.key", hidden, hidden);
      putLinear(shapes, prefix + "attention.self.value", hidden, hidden);
      putLinear(shapes, prefix + "attention.output.dense", hidden, hidden);
      putNorm(shapes, prefix + "attention.output.LayerNorm");
      putLinear(shapes, prefix + "intermediate.dense", intermediate, hidden);
      putLinear(shapes, prefix + "output.dense", hidden, intermediate);
      putNorm(shapes, prefix + "output.LayerNorm");
    }
    if (pooler) {
      putLinear(shapes, "pooler.dense", hidden, hidden);
    }
    if (predictions) {
      putLinear(shapes, TRANSFORM + "dense", hidden, hidden);
      putNorm(shapes, TRANSFORM + "LayerNorm");
      shapes.put("cls.predictions.bias", List.of(vocabulary));
    }
    return shapes;
  }

  private void putNorm(Map<String, List<Long>> shapes, String name) {
    shapes.put(name + ".weight", List.of(hidden));
    shapes.put(name + ".bias", List.of(hidden));
  }

  private static void putLinear(Map<String, List<Long>> shapes, String name, long out, long in) {
    shapes.put(name + ".weight", List.of(out, in));
    shapes.put(name + ".bias", List.of(out));
  }

  private static long size(String place, Map<String, RawTensor> tensors, String name, int dimension)
      throws ConversionException {
    RawTensor tensor = tensors.get(name);
    if (tensor == null || tensor.shape().size() <= dimension) {
      throw new ConversionException(
          "%s: expected a BERT encoder with a tensor '%s', found %s"
              .formatted(place, name, tensor == null ? "none" : "the shape " + tensor.shape()));
    }
    return tensor.shape().get(dimension);
  }
}
