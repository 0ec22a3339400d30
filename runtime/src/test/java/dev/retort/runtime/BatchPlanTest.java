package dev.retort.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
  @Test
  void longestInputsComeFirstAndGroupsKeepTheBound() {
    List<int[]> groups = BatchPlan.of(new int[] {3, 9, 2, 8, 3}, 18);

    assertThat(groups).containsExactly(new int[] {1, 3}, new int[] {0, 4, 2});
  }

  @Test
  void anInputLongerThanTheBoundRunsAlone() {
    assertThat(BatchPlan.of(new int[] {4, 100}, 10)).containsExactly(new int[] {1}, new int[] {0});
  }

  @Test
  void nothingMakesNoGroup() {
    assertThat(BatchPlan.of(new int[0], 10)).isEmpty();
  }

  @Test
  void inputsWithoutTokensStillRun() {
    assertThat(BatchPlan.of(new int[] {0, 0}, Integer.MAX_VALUE)).containsExactly(new int[] {0, 1});
  }

  @Test
  void everyInputRunsOnceWithinTheBound() {
    int[] lengths = new Random(3).ints(500, 1, 60).toArray();

    List<int[]> groups = BatchPlan.of(lengths, 256);

    assertThat(groups.stream().flatMapToInt(Arrays::stream).sorted().toArray())
        .isEqualTo(IntStream.range(0, 500).toArray());
    assertThat(groups)
        .allSatisfy(group ->
            assertThat(group.length * Arrays.stream(group).map(i -> lengths[i]).max().orElse(0))
                .isLessThanOrEqualTo(256));
  }
}
