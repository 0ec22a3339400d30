package dev.retort.model.convert;

import dev.retort.tensor.RawTensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a BERT out of variables with the names of [Google's
/// code](https://github.com/google-research/bert/blob/master/modeling.py), such as
/// `module/bert/encoder/layer_0/attention/self/query/kernel`.
///
/// @param place what messages call the variables
/// @param bundle the variables
record TensorFlowBert(String place, TensorBundle bundle) {

  /// Google's code has this number; no variable holds it.
  private static final double NORM_EPSILON = 1e-12;

  private static final Pattern NAME = Pattern.compile("(?:module/)?((?:bert|cls)/.+)");

  /// The head that tells whether a text follows another, which no masked-LM model has.
  private static final String NEXT_SENTENCE = "cls/seq_relationship/";

  /// The last part of a tensor's name where it differs.
  private static final Map<String, String> PARTS =
      Map.of("gamma", "weight", "beta", "bias", "kernel", "weight", "output_bias", "bias");

  private static final Set<String> TABLES =
      Set.of("word_embeddings", "position_embeddings", "token_type_embeddings");

  /// Reads the encoder and, where there is one, its masked-LM head.
  ///
  /// @throws ConversionException when the variables are not those of a BERT
  BertCheckpoint read() throws ConversionException {
    Map<String, RawTensor> tensors = new HashMap<>();
    for (String variable : bundle.names()) {
      Matcher name = NAME.matcher(variable);
      Optional<String> known = name.matches() ? Optional.of(name.group(1)) : Optional.empty();
      if (known.filter(n -> n.startsWith(NEXT_SENTENCE)).isPresent()) {
        continue;
      }
      RawTensor tensor = bundle.get(variable);
      tensors.put(
          known.map(TensorFlowBert::bertName).orElse(variable),
          variable.endsWith("/kernel")
              ? LinearWeight.transposed(place + ": " + variable, tensor)
              : tensor);
    }
    return BertCheckpoint.of(place, NORM_EPSILON, tensors);
  }

  /// The name in Hugging Face's layout, without `bert.`.
  private static String bertName(String name) {
    String path = name.replaceFirst("^bert/", "").replaceAll("layer_(\\d+)/", "layer.$1/");
    int last = path.lastIndexOf('/') + 1;
    String part = path.substring(last);
    String renamed = TABLES.contains(part) ? part + ".weight" : PARTS.getOrDefault(part, part);
    return path.substring(0, last).replace('/', '.') + renamed;
  }
}
