package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SequenceDatasetTest {

  private static final TokenSequence TEXT = TokenSequence.whole(new int[] {5, 6, 7});
  private static final TokenSequence ANSWER = TokenSequence.completion(new int[] {1, 2, 3, 4}, 2);
  private static final SequenceDataset DATA = new SequenceDataset(List.of(TEXT, ANSWER));

  /// The logits after a token predict the next one, so that mask and labels are shifted together.
  @Test
  void theTokenBeforeOneThatCountsPredictsIt() {
    SequenceBatch batch = DATA.batch(1, 0);

    assertThat(batch.ids()).containsExactly(1, 2, 3, 4, 5, 6, 7);
    assertThat(batch.lengths()).containsExactly(4, 3);
    assertThat(batch.positions()).containsExactly(1, 2, 4, 5);
    assertThat(batch.labels()).containsExactly(3, 4, 6, 7);
    assertThat(batch.tokens()).isEqualTo(7);
    assertThat(DATA.predicted()).isEqualTo(4);
  }

  @Test
  void anAnswerIsStoredUnderTokensAndMask() {
    List<String> keys = DATA.contentKeys(0, 1);
    SequenceDataset whole =
        new SequenceDataset(List.of(TokenSequence.whole(new int[] {1, 2, 3, 4}), TEXT));

    assertThat(keys).doesNotHaveDuplicates();
    assertThat(whole.contentKeys(0, 1)).doesNotContain(keys.get(1)).contains(keys.get(0));
  }

  @Test
  void aTextWithNothingToPredictIsNone() {
    assertThatThrownBy(() -> TokenSequence.whole(new int[] {5}))
        .hasMessageContaining("at least two");
    assertThatThrownBy(() -> new TokenSequence(new int[] {5, 6}, new BitSet()))
        .hasMessageContaining("no token is to be predicted");
    assertThatThrownBy(() -> TokenSequence.completion(new int[] {5, 6}, 2))
        .hasMessageContaining("no token is to be predicted");
    BitSet first = new BitSet();
    first.set(0);
    assertThatThrownBy(() -> new TokenSequence(new int[] {5, 6}, first))
        .hasMessageContaining("the first cannot be");
  }
}
