package dev.retort.gguf;

import java.io.IOException;

/// A GGUF file, or a model that should become one, which is damaged or which Retort cannot use. The
/// message names the file, the key or tensor, the value found, and what is allowed.
public final class GgufException extends IOException {

  private static final long serialVersionUID = 1L;

  /// A problem in words.
  public GgufException(String message) {
    super(message);
  }

  /// A problem in words, and what it came from.
  public GgufException(String message, Throwable cause) {
    super(message, cause);
  }
}
