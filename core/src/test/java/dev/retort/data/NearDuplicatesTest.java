package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NearDuplicatesTest {

  @Test
  void findsATextWithOneMoreCharacter() {
    List<Example> train =
        Examples.dataset("train", 2, "how do i locate my card", "where is my money").examples();
    List<Example> test =
        Examples.dataset("test", 2, "unrelated", "How do I  locate my card?").examples();

    List<NearDuplicates.Match> matches = new NearDuplicates(test).matches(train);
    assertThat(matches).hasSize(1);
    assertThat(matches.getFirst().example()).isEqualTo(train.getFirst());
    assertThat(matches.getFirst().reference()).isEqualTo(test.getLast());
    // 23 characters have 19 grams, all of them among the 20 grams of the longer text
    assertThat(matches.getFirst().similarity()).isEqualTo(19 / 20.0, within(1e-12));
  }

  @Test
  void exactDuplicatesAreNotNearDuplicates() {
    List<Example> train = Examples.dataset("train", 2, "my card is lost", "ab", "").examples();
    List<Example> test = Examples.dataset("test", 2, "My card is lost", "ab", "").examples();

    assertThat(new NearDuplicates(test).matches(train)).isEmpty();
  }

  @Test
  void jaccardCountsSharedOfAll() {
    assertThat(SimilarTexts.jaccard(new long[] {1, 2, 3, 5}, new long[] {2, 3, 4}))
        .isEqualTo(2 / 5.0);
    assertThat(SimilarTexts.jaccard(new long[] {1}, new long[] {2})).isZero();
    assertThat(SimilarTexts.jaccard(new long[] {1, 2}, new long[] {1, 2})).isEqualTo(1);
  }

  /// Compares with the plain way, every pair and real sets of strings.
  @Test
  void agreesWithComparingAllPairs() {
    Random random = new Random(11);
    List<Example> references = new ArrayList<>(Examples.random(400, 2, 40, 1).examples());
    List<Example> examples = new ArrayList<>();
    for (Example reference : references) {
      StringBuilder changed = new StringBuilder(reference.text());
      for (int edit = random.nextInt(4); edit >= 0; edit--) {
        changed.setCharAt(random.nextInt(changed.length()), 'q');
      }
      examples.add(Examples.example(changed.toString(), 0, reference.place().line()));
    }
    Set<Example> expected = new HashSet<>();
    for (Example example : examples) {
      if (references.stream().anyMatch(reference -> similar(example, reference))) {
        expected.add(example);
      }
    }

    assertThat(expected.size()).isBetween(30, 370);
    assertThat(new NearDuplicates(references).matches(examples))
        .extracting(NearDuplicates.Match::example)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private static boolean similar(Example a, Example b) {
    Set<String> gramsA = grams(a.folded());
    Set<String> gramsB = grams(b.folded());
    Set<String> union = new HashSet<>(gramsA);
    union.addAll(gramsB);
    gramsA.retainAll(gramsB);
    return !a.folded().equals(b.folded()) && 10 * gramsA.size() >= 9 * union.size();
  }

  private static Set<String> grams(String text) {
    Set<String> grams = new HashSet<>();
    for (int start = 0; start == 0 || start + 5 <= text.length(); start++) {
      grams.add(text.substring(start, Math.min(text.length(), start + 5)));
    }
    return grams;
  }
}
