package dev.retort.gguf.convert;

import dev.retort.gguf.FloatRows;
import dev.retort.gguf.GgufException;
import dev.retort.gguf.GgufFile;
import dev.retort.gguf.GgufMetadata;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// A model as llama.cpp sees it, wherever it comes from: its metadata, and its tensors under
/// llama.cpp's names and in its layout. Weights are read when they are asked for.
///
/// @param metadata what the model says of itself
/// @param tensors the weights by their names
record GgufModel(GgufMetadata metadata, SequencedMap<String, FloatRows> tensors) {

  static final String TOKEN_EMBEDDING = "token_embd.weight";
  static final String OUTPUT = "output.weight";

  /// Keeps a copy of the tensors' map.
  GgufModel {
    tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
  }

  /// The model in an open file.
  static GgufModel of(GgufFile file) {
    return new GgufModel(file.metadata(), new LinkedHashMap<>(file.tensors()));
  }

  /// The file or folder that it comes from, for messages.
  String origin() {
    return metadata.origin();
  }

  /// The tensor `name`.
  FloatRows tensor(String name) throws GgufException {
    FloatRows tensor = tensors.get(name);
    if (tensor == null) {
      throw new GgufException(
          "%s: there is no tensor '%s', which every decoder has".formatted(origin(), name));
    }
    return tensor;
  }
}
