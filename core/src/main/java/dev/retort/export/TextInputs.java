package dev.retort.export;

import dev.retort.export.OnnxGraph.Operator;
import dev.retort.export.OnnxGraph.Value;
import dev.retort.model.EncoderConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What goes into an exported classifier: `INT64` `[batch, time]`, padded on the right.
///
/// @param ids token ids
/// @param maskBT 1 for real tokens, 0 for padding, as `FLOAT`
/// @param typeIds token types; absent where the model has at most one
/// @param shape the list of the two lengths `batch` and `time`
record TextInputs(Value ids, Value maskBT, Optional<Value> typeIds, Value shape) {

  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String TYPES = "token_type_ids";
  private static final long FLOAT = 1;

  /// The names of the inputs that a model of this shape has.
  static List<String> names(EncoderConfig config) {
    List<String> names = new ArrayList<>(List.of(IDS, MASK));
    if (hasTypes(config)) {
      names.add(TYPES);
    }
    return names;
  }

  /// Declares the inputs of `graph`.
  static TextInputs declare(OnnxGraph graph, EncoderConfig config) {
    Value ids = graph.input(IDS, "batch", "time");
    Value mask = graph.input(MASK, "batch", "time");
    Optional<Value> types =
        hasTypes(config) ? Optional.of(graph.input(TYPES, "batch", "time")) : Optional.empty();
    return new TextInputs(
        ids,
        graph.apply(Operator.of("Cast").with("to", FLOAT), mask),
        types,
        graph.apply("Shape", ids));
  }

  /// A single type, as RoBERTa has, says nothing: tokenizers do not hand it out either.
  private static boolean hasTypes(EncoderConfig config) {
    return config.tokenTypes() > 1;
  }
}
