package dev.retort.augment;

import dev.retort.runtime.Tokenizer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The words that are one token of a tokenizer each: spelled in letters, and read back as that very
/// token.
///
/// Whether a word begins with a sign of its own (`Ġ`, `▁`), or the others do (`##`), is thus for
/// the tokenizer to say.
final class WordVocabulary {

  private static final Pattern LETTERS = Pattern.compile("[\\p{L}\\p{M}]+");

  private final Tokenizer tokenizer;
  private final SortedMap<Integer, String> words;

  private WordVocabulary(Tokenizer tokenizer, SortedMap<Integer, String> words) {
    this.tokenizer = tokenizer;
    this.words = Collections.unmodifiableSortedMap(words);
  }

  /// The words of `tokenizer`, which stays open.
  ///
  /// @param size tokens from this id on have no place in the model
  static WordVocabulary of(Tokenizer tokenizer, int size) {
    SortedMap<Integer, String> words = new TreeMap<>();
    WordVocabulary all = new WordVocabulary(tokenizer, words);
    IntStream.range(0, Math.min(size, tokenizer.vocabularySize()))
        .forEach(id -> {
          String word = tokenizer.decode(id).strip();
          if (LETTERS.matcher(word).matches() && Arrays.equals(all.pieces(word), new int[] {id})) {
            words.put(id, word);
          }
        });
    return all;
  }

  /// The tokens that are words, ascending.
  int[] ids() {
    return words.keySet().stream().mapToInt(Integer::intValue).toArray();
  }

  /// Whether the token `id` is a word.
  boolean contains(int id) {
    return words.containsKey(id);
  }

  /// The word that the token `id` is.
  String word(int id) {
    return Objects.requireNonNull(words.get(id));
  }

  /// The tokens of `word` within a text; none, if the tokenizer does not know its characters.
  int[] pieces(String word) {
    // A text's first word has no space before it, and in some vocabularies is another token.
    return Arrays.stream(tokenizer.encode(" " + word, Integer.MAX_VALUE).ids())
        .filter(id -> !tokenizer.specialIds().contains(id))
        .toArray();
  }
}
