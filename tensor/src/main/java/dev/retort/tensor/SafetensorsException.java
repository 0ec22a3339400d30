package dev.retort.tensor;

import java.io.IOException;
import java.nio.file.Path;

/// A file that is not a well-formed safetensors file, or not one that Retort can use. The message
/// names the file, the tensor where there is one, what was expected, what was found, and what to
/// do.
public final class SafetensorsException extends IOException {

  private static final long serialVersionUID = 1L;

  SafetensorsException(Path file, String problem) {
    super("%s: %s".formatted(file, problem));
  }
}
