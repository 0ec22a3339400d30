package dev.retort.data;

import dev.retort.runtime.Encoding;

/// Turns an example into tokens, special tokens included. Called from several threads at once.
@FunctionalInterface
public interface TextEncoder {
  /// The tokens of a text or a text pair, cut to the model's limit.
  Encoding encode(Example example);
}
