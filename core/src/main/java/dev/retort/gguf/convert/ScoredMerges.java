package dev.retort.gguf.convert;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The two ways of saying in which order tokens are merged: by scores of the results, as
/// SentencePiece does, or by a list, as `tokenizer.json` does.
final class ScoredMerges {

  private ScoredMerges() {}

  /// Every way to make a token of two others, those with the highest scores first.
  static List<Merge> ofScores(List<Token> tokens) {
    Set<String> parts = new HashSet<>();
    tokens.stream()
        .filter(token -> token.kind() == Token.Kind.NORMAL)
        .forEach(token -> parts.add(token.text()));
    List<Token> byScore = new ArrayList<>(tokens);
    byScore.sort(Comparator.comparingDouble((Token token) -> -token.score()));
    List<Merge> merges = new ArrayList<>();
    for (Token token : byScore) {
      String text = token.text();
      for (int i = 1; token.kind() == Token.Kind.NORMAL && i < text.length(); i++) {
        Merge merge = new Merge(text.substring(0, i), text.substring(i));
        if (parts.contains(merge.left()) && parts.contains(merge.right())) {
          merges.add(merge);
        }
      }
    }
    return merges;
  }

  /// Scores that lead to the order of `merges`: minus the place of the first merge that makes a
  /// token. What no merge makes comes last.
  static Map<String, Float> toScores(List<Merge> merges) {
    Map<String, Float> scores = new HashMap<>();
    for (int rank = 0; rank < merges.size(); rank++) {
      scores.putIfAbsent(merges.get(rank).merged(), (float) -rank);
    }
    return scores;
  }
}
