package dev.retort.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopTest {

  @Test
  void findsWhatSortingFinds() {
    Random random = new Random(3);
    for (int count : new int[] {1, 4, 50, 300}) {
      float[] scores = new float[200];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = random.nextInt(40) - 20; // many are equal
      }
      List<Integer> sorted =
          IntStream.range(0, scores.length)
              .filter(i -> i % 3 > 0)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -scores[i]))
              .limit(count)
              .toList();

      assertThat(Top.of(scores, count, i -> i % 3 > 0)).isEqualTo(sorted);
    }
  }

  @Test
  void whereNothingIsAllowedNothingIsFound() {
    assertThat(Top.of(new float[] {1, 2}, 2, _ -> false)).isEmpty();
  }
}
