package dev.retort.data;

import dev.retort.runtime.Encoding;
import dev.retort.runtime.Tokenizer;

/// Turns an example into tokens, special tokens included. Called from several threads at once.
@FunctionalInterface
public interface TextEncoder {
  /// The tokens of a text or a text pair, cut to the model's limit.
  Encoding encode(Example example);

  /// What `tokenizer` makes of a text or of a pair, `maxLength` tokens at most.
  static TextEncoder of(Tokenizer tokenizer, int maxLength) {
    return example ->
        example
            .pair()
            .map(second -> tokenizer.encode(example.text(), second, maxLength))
            .orElseGet(() -> tokenizer.encode(example.text(), maxLength));
  }
}
