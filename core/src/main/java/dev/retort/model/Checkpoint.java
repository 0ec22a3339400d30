package dev.retort.model;

import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// The tensors of a model folder under the names they have there, memory-mapped:
/// `model.safetensors`, or the shards that `model.safetensors.index.json` names.
public final class Checkpoint implements AutoCloseable {

  private static final String WHOLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final Path folder;
  private final List<SafetensorsFile> files = new ArrayList<>();
  private final Map<String, SafetensorsFile> byName = new HashMap<>();

  private Checkpoint(Path folder) {
    this.folder = folder;
  }

  /// Opens the weights in `folder`.
  ///
  /// @throws ModelException if the list of shards is broken
  /// @throws dev.retort.tensor.SafetensorsException if a file is damaged
  public static Checkpoint open(Path folder) throws IOException {
    Checkpoint checkpoint = new Checkpoint(folder);
    try {
      for (String name : fileNames(folder)) {
        checkpoint.add(SafetensorsFile.open(folder.resolve(name)));
      }
      return checkpoint;
    } catch (IOException | RuntimeException e) {
      checkpoint.close();
      throw e;
    }
  }

  private void add(SafetensorsFile file) {
    files.add(file);
    file.names().forEach(name -> byName.put(name, file));
  }

  private static List<String> fileNames(Path folder) throws IOException {
    Path index = folder.resolve(INDEX);
    if (!Files.exists(index)) {
      return List.of(WHOLE);
    }
    TreeSet<String> names = new TreeSet<>();
    ModelJson.read(index)
        .path("weight_map")
        .valueStream()
        .forEach(name -> names.add(name.asString()));
    return List.copyOf(names);
  }

  /// Where the tensors are from.
  public Path folder() {
    return folder;
  }

  /// The tensor of this name, if there is one.
  public Optional<RawTensor> find(String name) {
    return Optional.ofNullable(byName.get(name)).map(file -> file.get(name));
  }

  /// Refuses weights in which tensors are missing.
  ///
  /// @throws ModelException if there is a name in `missing`
  public void requireNone(List<String> missing) {
    if (!missing.isEmpty()) {
      throw new ModelException(
          "%s: %d tensors are missing from the weights, the first are %s"
              .formatted(folder, missing.size(), missing.stream().limit(5).toList()));
    }
  }

  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }
}
