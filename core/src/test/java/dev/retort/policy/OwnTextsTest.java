package dev.retort.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.model.decoder.Continuation;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ReverseKl;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnTextsTest {

  private static final int END = 3;

  /// Where a text ended, its end is learnt like any other token; a text without one learns none.
  @Test
  void allThatWasAddedIsLearntAndNothingElse() {
    WrittenText ended = WrittenText.of(new int[] {7, 8}, new Continuation(List.of(9, END), true));
    WrittenText cut = WrittenText.of(new int[] {5, END, 6}, new Continuation(List.of(4, 4), false));
    OwnTexts own = new OwnTexts(new SequenceDataset(List.of(ended.sequence(), cut.sequence())));

    SequenceBatch batch = own.batch(0, 1);

    assertThat(batch.ids()).containsExactly(7, 8, 9, END, 5, END, 6, 4, 4);
    assertThat(batch.lengths()).containsExactly(4, 5);
    // 8 predicts 9, 9 the end; 6 the first 4, and that one the second.
    assertThat(batch.positions()).containsExactly(1, 2, 6, 7);
    assertThat(ended.added()).containsExactly(9, END);
    assertThat(cut.prompt()).containsExactly(5, END, 6);
  }

  /// A student's own words are no truth to learn; what a teacher says about them is.
  @Test
  void lossesOnLabelsCountNothing() {
    WrittenText text = WrittenText.of(new int[] {7}, new Continuation(List.of(9, 9, END), true));
    SequenceBatch batch = new OwnTexts(new SequenceDataset(List.of(text.sequence()))).batch(0);

    assertThat(new CrossEntropy(0.1).count(batch.labels())).isZero();
    assertThat(new ReverseKl(1).count(batch.labels())).isEqualTo(3);
  }
}
