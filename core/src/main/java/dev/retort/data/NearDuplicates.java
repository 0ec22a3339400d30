package dev.retort.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds examples that are almost the same as one of a reference set: their sets of character
/// 5-grams, without regard to case and white space, have a Jaccard similarity of at least 0.9.
final class NearDuplicates {

  /// Two similar examples.
  ///
  /// @param similarity Jaccard similarity of the 5-grams, from 0.9 to 1
  record Match(Example example, Example reference, double similarity) {}

  private static final double THRESHOLD = 0.9;

  private final List<Example> references = new ArrayList<>();
  private final SimilarTexts texts = new SimilarTexts(THRESHOLD);

  /// @param references the examples to compare with
  NearDuplicates(List<Example> references) {
    Set<String> seen = new HashSet<>();
    references.stream()
        .filter(reference -> seen.add(reference.folded()))
        .forEach(reference -> {
          this.references.add(reference);
          texts.add(reference.folded());
        });
  }

  /// For each of the examples that has one, the first reference that is similar but not the same.
  List<Match> matches(List<Example> examples) {
    return examples.parallelStream().map(this::match).flatMap(Optional::stream).toList();
  }

  private Optional<Match> match(Example example) {
    String text = example.folded();
    return texts
        .like(text)
        .map(found -> new Match(example, references.get(found.index()), found.similarity()))
        .filter(match -> !match.reference().folded().equals(text))
        .findFirst();
  }
}
