package dev.retort.chat;

import dev.retort.chat.jinja.Span;
import java.util.List;

/// A conversation as the model reads it, and the parts that the assistant wrote: the completion
/// mask.
///
/// @param completions where the text is the assistant's, in order: what it said, and the marker
///   that ends its turn
/// @param unmasked the assistant's messages whose place could not be told
public record Rendered(String text, List<Span> completions, List<Unmasked> unmasked) {

  /// An assistant's message that is in the text, if at all, outside of the completions.
  ///
  /// @param message its index in the conversation, from 0
  /// @param reason why its place could not be told
  public record Unmasked(int message, String reason) {}

  public Rendered {
    completions = List.copyOf(completions);
    unmasked = List.copyOf(unmasked);
  }

  /// Whether the assistant wrote all of this part, such as the characters of a token.
  ///
  /// @param start in UTF-16 units
  /// @param end in UTF-16 units, exclusive
  public boolean isCompletion(int start, int end) {
    return completions.stream().anyMatch(span -> span.start() <= start && end <= span.end());
  }
}
