package dev.retort.model.convert;

import java.io.IOException;

/// A checkpoint that cannot be turned into Hugging Face's layout. The message names the file, what
/// was expected, what was found, and what to do.
public final class ConversionException extends IOException {

  private static final long serialVersionUID = 1L;

  ConversionException(String message) {
    super(message);
  }

  ConversionException(String message, Throwable cause) {
    super(message, cause);
  }
}
