package dev.retort.model.convert;

import dev.retort.tensor.RawTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;

/// A BERT encoder in memory, perhaps with its masked-LM head: all its tensors under the names of
/// [BertShape#tensors], with linear weights as `[out, in]`.
///
/// @param shape its sizes
/// @param normEpsilon the epsilon of its layer norms
/// @param tensors its tensors, in the model's order
record BertCheckpoint(
    BertShape shape, double normEpsilon, SequencedMap<String, RawTensor> tensors) {

  private static final int SHOWN = 5;

  /// Checks that the tensors are those of one BERT encoder, none missing, none too many.
  ///
  /// @param place what messages call their source
  static BertCheckpoint of(String place, double normEpsilon, Map<String, RawTensor> found)
      throws ConversionException {
    BertShape shape = BertShape.of(place, found);
    SequencedMap<String, List<Long>> expected = shape.tensors();
    List<String> problems = new ArrayList<>();
    SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, List<Long>> entry : expected.entrySet()) {
      RawTensor tensor = found.get(entry.getKey());
      if (tensor == null) {
        problems.add("'%s' is missing".formatted(entry.getKey()));
      } else if (!tensor.shape().equals(entry.getValue())) {
        problems.add(
            "'%s' is %s, expected %s".formatted(entry.getKey(), tensor.shape(), entry.getValue()));
      } else {
        tensors.put(entry.getKey(), tensor);
      }
    }
    for (String name : new TreeSet<>(found.keySet())) {
      if (!expected.containsKey(name)) {
        problems.add("'%s' is not part of a BERT encoder".formatted(name));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConversionException(
          "%s: %d tensors are not as in a BERT encoder of %d layers: %s"
              .formatted(
                  place,
                  problems.size(),
                  shape.layers(),
                  problems.subList(0, Math.min(SHOWN, problems.size()))));
    }
    return new BertCheckpoint(shape, normEpsilon, tensors);
  }
}
