package dev.retort.model.decoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Texts that are continued together and have not ended. One that ends leaves, so that nothing is
/// computed for it any more; the last one takes its place.
final class LiveTexts {

  /// A text that grows.
  ///
  /// @param number among all that were asked for
  /// @param prompt what it begins with
  /// @param added what has been added
  @SuppressWarnings("ArrayRecordComponent") // read, never compared
  record Text(int number, int[] prompt, List<Integer> added) {

    Text(int number, int[] prompt) {
      this(number, prompt, new ArrayList<>());
    }

    int length() {
      return prompt.length + added.size();
    }

    Continuation continuation(Set<Integer> stopIds) {
      return new Continuation(added, !added.isEmpty() && stopIds.contains(added.getLast()));
    }
  }

  private final List<Text> texts;
  private final KeyValueCache cache;

  /// Texts in the order of their sequences in `cache`.
  LiveTexts(List<Text> texts, KeyValueCache cache) {
    this.texts = new ArrayList<>(texts);
    this.cache = cache;
  }

  boolean isEmpty() {
    return texts.isEmpty();
  }

  /// The number of each text.
  int[] numbers() {
    return texts.stream().mapToInt(Text::number).toArray();
  }

  /// The last token of each text.
  TokenRows lastTokens() {
    return new TokenRows(
        texts.stream().mapToLong(text -> text.added().getLast()).toArray(),
        texts.stream().mapToLong(text -> text.length() - 1L).toArray());
  }

  /// Adds a token to each text. Those that `stopIds` end leave.
  void add(int[] tokens, Set<Integer> stopIds) {
    for (int i = tokens.length - 1; i >= 0; i--) {
      texts.get(i).added().add(tokens[i]);
      if (stopIds.contains(tokens[i])) {
        cache.remove(i);
        Text last = texts.removeLast();
        if (i < texts.size()) {
          texts.set(i, last);
        }
      }
    }
  }
}
