package dev.retort.model;

import dev.retort.tensor.NoGrad;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsException;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.tensor.SafetensorsWriter;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Tensors under their canonical names in one safetensors file.
public final class TensorFile {

  private TensorFile() {}

  /// Writes `tensors` aside and renames.
  public static void write(Path file, SequencedMap<String, Tensor> tensors) throws IOException {
    try (Scope _ = Scope.open()) {
      SequencedMap<String, RawTensor> raw = new LinkedHashMap<>();
      tensors.forEach((name, tensor) -> raw.put(name, Tensors.view(tensor)));
      SafetensorsWriter.write(file, raw, Map.of());
    }
  }

  /// Overwrites the values of `tensors` by those in `file`.
  ///
  /// @throws SafetensorsException if the file is damaged
  /// @throws ModelException if it holds tensors of other names
  public static void readInto(Path file, SequencedMap<String, Tensor> tensors) throws IOException {
    try (SafetensorsFile saved = SafetensorsFile.open(file);
        Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      if (!saved.names().equals(tensors.keySet())) {
        throw new ModelException(
            "%s holds %d tensors, not the %d that this model has; it belongs to another recipe. Delete the folder %s to start again"
                .formatted(file, saved.names().size(), tensors.size(), file.getParent()));
      }
      tensors.forEach((name, tensor) -> tensor.detach().setInPlace(Tensors.of(saved.get(name))));
    }
  }
}
