package dev.retort.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PromptsTest {

  private static final Prompts PROMPTS = new Prompts(Optional.empty());

  @Test
  void aPromptIsAllBeforeWhatIsLearnt() {
    SequenceBatch batch =
        new SequenceDataset(
                List.of(
                    TokenSequence.completion(new int[] {10, 11, 12, 13}, 3),
                    TokenSequence.completion(new int[] {20, 21, 22, 23, 24}, 1),
                    TokenSequence.completion(new int[] {30, 31}, 1)))
            .batch(0, 2, 1);

    assertThat(PROMPTS.of(batch, new Random(1)))
        .containsExactly(new int[] {10, 11, 12}, new int[] {30}, new int[] {20});
  }

  /// Each turn of a conversation is continued at some time, what was said before it included.
  @Test
  void chanceChoosesAmongSeveralTurns() {
    BitSet learnt = new BitSet();
    learnt.set(2, 4);
    learnt.set(6);
    learnt.set(8, 10);
    int[] ids = IntStream.range(40, 50).toArray();
    SequenceBatch batch = new SequenceDataset(List.of(new TokenSequence(ids, learnt))).batch(0);

    List<Integer> lengths =
        IntStream.range(0, 300)
            .mapToObj(seed -> PROMPTS.of(batch, new Random(seed)).getFirst())
            .peek(prompt -> assertThat(prompt).isEqualTo(Arrays.copyOf(ids, prompt.length)))
            .map(prompt -> prompt.length)
            .toList();

    assertThat(lengths).containsOnly(2, 6, 8);
    for (int length : List.of(2, 6, 8)) {
      assertThat(lengths).filteredOn(found -> found == length).hasSizeBetween(75, 125);
    }
  }

  @Test
  void theBeginningOfATextIsAPromptWhereItHasNone() {
    SequenceBatch batch =
        new SequenceDataset(
                List.of(
                    TokenSequence.whole(new int[] {10, 11, 12, 13}),
                    TokenSequence.whole(new int[] {20, 21})))
            .batch(0, 1);

    assertThat(new Prompts(Optional.of(2)).of(batch, new Random(1)))
        .containsExactly(new int[] {10, 11}, new int[] {20});
  }
}
