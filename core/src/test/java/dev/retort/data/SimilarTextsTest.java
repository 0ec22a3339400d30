package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimilarTextsTest {

  /// Whatever the threshold, of pairs that are just above it hardly one is missed.
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.6, 0.7, 0.8, 0.85, 0.9})
  void pairsAboveTheThresholdAreFound(double threshold) {
    Random random = new Random(3);
    int pairs = 0;
    int found = 0;
    SimilarTexts exact = new SimilarTexts(SimilarTexts.LOWEST);
    assertThat(exact.like("nothing yet")).isEmpty();
    while (pairs < 200) {
      String text = text(random);
      String other = changed(text, random);
      double similarity = SimilarTexts.jaccard(grams(text), grams(other));
      if (similarity >= threshold && similarity < threshold + 0.1) {
        SimilarTexts index = new SimilarTexts(threshold);
        index.add(text);
        pairs++;
        found += (int) index.like(other).count();
      }
    }

    assertThat(found).isGreaterThanOrEqualTo(194);
  }

  @Test
  void matchesNameTheTextAndHowAlikeItIs() {
    SimilarTexts index = new SimilarTexts(0.5);
    index.add("my new card has not arrived yet");
    index.add("what is the exchange rate");
    index.add("my new card has not arrived at all");

    List<SimilarTexts.Match> matches = index.like("my new card has not arrived yet").toList();

    assertThat(matches).extracting(SimilarTexts.Match::index).containsExactlyInAnyOrder(0, 2);
    assertThat(matches)
        .filteredOn(match -> match.index() == 0)
        .extracting(SimilarTexts.Match::similarity)
        .containsExactly(1.0);
  }

  @Test
  void aThresholdThatCannotBeSearchedForIsRefused() {
    assertThatThrownBy(() -> new SimilarTexts(0.3))
        .hasMessage("threshold must be in [0.5, 1] but is 0.3");
  }

  private static String text(Random random) {
    return IntStream.range(0, 30)
        .mapToObj(_ -> random.ints(1 + random.nextInt(7), 'a', 'z' + 1))
        .map(word -> word.mapToObj(Character::toString).collect(Collectors.joining()))
        .collect(Collectors.joining(" "));
  }

  private static String changed(String text, Random random) {
    List<String> words = new ArrayList<>(List.of(text.split(" ")));
    for (int i = 0; i < random.nextInt(9); i++) {
      words.set(random.nextInt(words.size()), "other");
    }
    return String.join(" ", words);
  }

  private static long[] grams(String text) {
    return IntStream.rangeClosed(0, text.length() - 5)
        .mapToLong(start -> text.substring(start, start + 5).hashCode())
        .distinct()
        .sorted()
        .toArray();
  }
}
