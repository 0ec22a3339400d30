package dev.retort.augment;

import dev.retort.data.Example;
import java.util.Optional;

/// A copy of a text in which words are replaced.
///
/// @param row index of the text that it was made of
/// @param text the text
/// @param pair the second text of a pair
public record AugmentedText(int row, String text, Optional<String> pair) {

  /// The copy as an example without a label, from where `original` is from.
  public Example example(Example original) {
    return new Example(text, pair, Example.UNLABELLED, original.place(), original.route());
  }
}
