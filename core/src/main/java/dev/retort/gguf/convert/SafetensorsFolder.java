package dev.retort.gguf.convert;

import dev.retort.gguf.FloatRows;
import dev.retort.gguf.GgufException;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// The weights of a model folder, in one safetensors file or several.
final class SafetensorsFolder implements AutoCloseable {

  private static final String WHOLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final List<SafetensorsFile> files = new ArrayList<>();
  private final SequencedMap<String, FloatRows> tensors = new LinkedHashMap<>();

  private SafetensorsFolder() {}

  /// Opens the files of `folder`.
  static SafetensorsFolder open(Path folder) throws IOException {
    SafetensorsFolder opened = new SafetensorsFolder();
    try {
      for (Path file : files(folder)) {
        opened.add(file);
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /// The weights by name. They can be read until the folder is closed.
  SequencedMap<String, FloatRows> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }

  private static List<Path> files(Path folder) throws IOException {
    if (Files.exists(folder.resolve(WHOLE))) {
      return List.of(folder.resolve(WHOLE));
    }
    if (!Files.exists(folder.resolve(INDEX))) {
      throw new GgufException(
          "%s: neither %s nor %s is there; save the model with save_pretrained"
              .formatted(folder, WHOLE, INDEX));
    }
    JsonFile index = JsonFile.read(folder.resolve(INDEX));
    TreeSet<String> names = new TreeSet<>();
    for (JsonNode name : index.node().path("weight_map")) {
      names.add(name.stringValue(""));
    }
    for (String name : names) {
      if (!Path.of(name).equals(Path.of(name).getFileName())) {
        throw index.refused(
            "weight_map names the file '%s'; a plain name is allowed".formatted(name));
      }
    }
    return names.stream().map(folder::resolve).toList();
  }

  private void add(Path file) throws IOException {
    SafetensorsFile opened = SafetensorsFile.open(file);
    files.add(opened);
    for (String name : opened.names()) {
      RawTensor tensor = opened.get(name);
      if (tensor.dtype().isFloating() && !tensor.shape().isEmpty()) {
        tensors.put(name, new StoredRows(tensor));
      }
    }
  }
}
