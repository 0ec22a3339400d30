package dev.retort.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The tokenizer of BERT and of what has its vocabulary, in plain Java: the same tokens as the
/// native library's, several times faster, because no text crosses over to native memory and no
/// object is made for a token.
///
/// @param normalizer what happens to characters first
/// @param wordPiece how words become tokens
/// @param addedTokens ids of the tokens that are looked for in the text as it is, such as `[MASK]`
/// @param begin the id before the first text, such as that of `[CLS]`
/// @param end the id after each text, such as that of `[SEP]`
record BertTokenizer(
    BertNormalizer normalizer, WordPiece wordPiece, AddedTokens addedTokens, int begin, int end) {

  private static final int SPECIAL_OF_TEXT = 2;
  private static final int SPECIAL_OF_PAIR = 3;

  /// Tokens that are looked for in the text as it is; of those that begin at one place, the longest
  /// is taken.
  record AddedTokens(Map<String, Integer> ids, Pattern pattern) {

    static AddedTokens of(Map<String, Integer> ids) {
      List<String> longestFirst =
          ids.keySet().stream().sorted((a, b) -> Integer.compare(b.length(), a.length())).toList();
      String pattern = longestFirst.stream().map(Pattern::quote).collect(Collectors.joining("|"));
      return new AddedTokens(Map.copyOf(ids), Pattern.compile(pattern));
    }

    private boolean isIn(String text) {
      for (String token : ids.keySet()) {
        if (text.contains(token)) {
          return true;
        }
      }
      return false;
    }
  }

  /// The encoding of a text, or nothing if it holds characters that only the native library knows.
  ///
  /// @throws IllegalArgumentException if `maxLength` leaves no room for the special tokens
  Optional<Encoding> encode(String text, int maxLength) {
    if (!BertNormalizer.covers(text)) {
      return Optional.empty();
    }
    WordPiece.Ids ids = ids(text);
    int kept = Truncation.ofLength(maxLength, SPECIAL_OF_TEXT, ids.size(), 0).first();
    int[] all = new int[kept + SPECIAL_OF_TEXT];
    all[0] = begin;
    ids.copyTo(all, 1, kept);
    all[kept + 1] = end;
    return Optional.of(new Encoding(all, new int[all.length], kept < ids.size()));
  }

  /// The encoding of two texts, or nothing if they hold characters that only the native library
  /// knows.
  ///
  /// @throws IllegalArgumentException if `maxLength` leaves no room for the special tokens
  Optional<Encoding> encode(String first, String second, int maxLength) {
    if (!BertNormalizer.covers(first) || !BertNormalizer.covers(second)) {
      return Optional.empty();
    }
    WordPiece.Ids ids = ids(first);
    WordPiece.Ids others = ids(second);
    Truncation kept = Truncation.ofLength(maxLength, SPECIAL_OF_PAIR, ids.size(), others.size());
    int[] all = new int[kept.first() + kept.second() + SPECIAL_OF_PAIR];
    int[] types = new int[all.length];
    int middle = kept.first() + 1;
    all[0] = begin;
    ids.copyTo(all, 1, kept.first());
    all[middle] = end;
    others.copyTo(all, middle + 1, kept.second());
    all[all.length - 1] = end;
    Arrays.fill(types, middle + 1, types.length, 1);
    boolean truncated = all.length < ids.size() + others.size() + SPECIAL_OF_PAIR;
    return Optional.of(new Encoding(all, types, truncated));
  }

  private WordPiece.Ids ids(String text) {
    WordPiece.Ids ids = new WordPiece.Ids();
    int start = 0;
    if (addedTokens.isIn(text)) {
      Matcher matcher = addedTokens.pattern().matcher(text);
      while (matcher.find()) {
        wordPiece.cut(normalizer.normalize(text.substring(start, matcher.start())), ids);
        ids.add(addedTokens.ids().getOrDefault(matcher.group(), wordPiece.unknownId()));
        start = matcher.end();
      }
    }
    wordPiece.cut(normalizer.normalize(text.substring(start)), ids);
    return ids;
  }
}
