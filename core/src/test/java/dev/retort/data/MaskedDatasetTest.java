package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.runtime.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MaskedDatasetTest {

  private static final int CLS = 2;
  private static final int SEP = 3;
  private static final int MASK = 4;
  private static final Masking MASKING =
      new Masking(0.15, MASK, 1000, Set.of(0, 1, CLS, SEP, MASK), 7);

  @Test
  void hidesTheShareThatIsAskedFor() {
    MaskedBatch batch = data(40, 100).batch(0, 1, 2);

    assertThat(batch.labels()).hasSize(3 * 6 /* of 38 tokens that are not special */);
    assertThat(batch.positions()).hasSize(18).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void hidesOneTokenAtLeast() {
    assertThat(data(3, 20).batch(4, 5).labels()).hasSize(2);
  }

  @Test
  void hidesNothingOfATextWithoutWords() {
    MaskedBatch batch = data(2, 3).batch(0, 1, 2);

    assertThat(batch.labels()).isEmpty();
    assertThat(batch.text().ids()).containsExactly(CLS, SEP, CLS, SEP, CLS, SEP);
  }

  @Test
  void labelsAreTheTokensThatWereThere() {
    MaskedDataset data = data(30, 50);
    MaskedBatch batch = data.batch(7, 3);
    TextBatch whole = data.texts().batch(7, 3);

    long[] restored = batch.text().ids().clone();
    for (int i = 0; i < batch.labels().length; i++) {
      restored[(int) batch.positions()[i]] = batch.labels()[i];
    }
    assertThat(restored).isEqualTo(whole.ids());
    assertThat(batch.text().ids()).isNotEqualTo(whole.ids());
    assertThat(batch.rows()).containsExactly(7, 3);
    assertThat(batch.lengths()).containsExactly(30, 30);
  }

  @Test
  void specialTokensAndPaddingAreNeverHidden() {
    MaskedDataset data = mixed();
    for (int epoch = 0; epoch < 200; epoch++) {
      MaskedBatch batch = data.epoch(epoch).batch(0, 1);
      for (int i = 0; i < batch.labels().length; i++) {
        assertThat(batch.labels()[i]).isGreaterThan(MASK);
        assertThat(batch.text().mask()[(int) batch.positions()[i]]).isEqualTo(1);
      }
    }
  }

  /// 80 % the mask, 10 % another token that is not special, 10 % the token itself.
  @Test
  void showsTheMaskAnotherTokenOrTheTokenItself() {
    MaskedDataset data = data(102, 100);
    Map<String, Integer> counts = new HashMap<>();
    int all = 0;
    for (int epoch = 0; epoch < 20; epoch++) {
      MaskedBatch batch = data.epoch(epoch).batch(IntStream.range(0, 100).toArray());
      for (int i = 0; i < batch.labels().length; i++) {
        long seen = batch.text().ids()[(int) batch.positions()[i]];
        String kind = seen == MASK ? "mask" : seen == batch.labels()[i] ? "same" : "other";
        assertThat(seen).isGreaterThanOrEqualTo(MASK);
        counts.merge(kind, 1, Integer::sum);
        all++;
      }
    }
    assertThat(all).isEqualTo(20 * 100 * 15);
    assertThat(counts.getOrDefault("mask", 0) / (double) all).isCloseTo(0.8, within(0.01));
    assertThat(counts.getOrDefault("other", 0) / (double) all).isCloseTo(0.1, within(0.01));
    assertThat(counts.getOrDefault("same", 0) / (double) all).isCloseTo(0.1, within(0.01));
  }

  @Test
  void everyTokenHasItsTurn() {
    MaskedDataset data = data(12, 1);
    List<Long> positions = new ArrayList<>();
    for (int epoch = 0; epoch < 100; epoch++) {
      Arrays.stream(data.epoch(epoch).batch(0).positions()).forEach(positions::add);
    }
    assertThat(positions).contains(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
  }

  /// Shards cut a batch into parts: a text must be hidden alike wherever it lies.
  @Test
  void whatIsHiddenDependsOnTextAndEpochOnly() {
    MaskedDataset data = data(30, 50);
    MaskedBatch alone = data.epoch(3).batch(17);
    MaskedBatch among = data.epoch(3).batch(5, 17);

    long[] second = Arrays.copyOfRange(among.text().ids(), 30, 60);
    assertThat(second).isEqualTo(alone.text().ids());
    assertThat(data.epoch(3).batch(17)).isEqualTo(alone);
    assertThat(data.epoch(4).batch(17)).isNotEqualTo(alone);
    assertThat(data.batch(17)).isEqualTo(data.batch(17)).isNotEqualTo(alone);
  }

  @Test
  void anotherSeedHidesOtherTokens() {
    MaskedDataset data = data(30, 50);
    Masking other = new Masking(0.15, MASK, 1000, MASKING.specialIds(), 8);

    assertThat(MaskedDataset.of(data.texts(), other).batch(1)).isNotEqualTo(data.batch(1));
  }

  @Test
  void batchesOfAnEpochAreHiddenForIt() {
    MaskedDataset data = data(30, 50);

    Batches<MaskedBatch> epoch = Batches.shuffled(data, 120, 1, 2);

    assertThat(epoch.data()).isEqualTo(data.epoch(2));
    int[] rows = epoch.get(0).rows();
    assertThat(epoch.get(0)).isEqualTo(data.epoch(2).batch(rows));
  }

  @Test
  void answersAreStoredUnderWhatIsHidden() {
    MaskedDataset data = data(30, 50);

    assertThat(data.contentKeys(1)).isEqualTo(data.contentKeys(1));
    assertThat(data.epoch(0).contentKeys(1)).isNotEqualTo(data.epoch(1).contentKeys(1));
    assertThat(data.contentKeys(1, 2)).doesNotHaveDuplicates();
  }

  @Test
  void refusesSharesAndVocabulariesThatCannotBe() {
    assertThatThrownBy(() -> new Masking(1, MASK, 1000, Set.of(), 7))
        .hasMessageContaining("share is 1.0; it must lie between 0 and 1");
    assertThatThrownBy(() -> new Masking(0.15, MASK, 2, Set.of(0, 1), 7))
        .hasMessageContaining("a vocabulary of 2 tokens has none but the 2 special ones");
  }

  /// Texts of `length` tokens, `[CLS]` and `[SEP]` among them.
  private static MaskedDataset data(int length, int count) {
    return data(Collections.nCopies(count, length));
  }

  /// A long text and a short one.
  private static MaskedDataset mixed() {
    return data(List.of(30, 5));
  }

  private static MaskedDataset data(List<Integer> lengths) {
    List<Example> examples =
        IntStream.range(0, lengths.size())
            .mapToObj(row ->
                new Example(
                    row + " " + lengths.get(row),
                    Optional.empty(),
                    Example.UNLABELLED,
                    new Place(Path.of("tiny"), row + 1)))
            .toList();
    Dataset dataset = new Dataset("train", examples, Labels.of(List.of()));
    return MaskedDataset.of(TokenizedDataset.of(dataset, MaskedDatasetTest::encode, 0), MASKING);
  }

  private static Encoding encode(Example example) {
    String[] numbers = example.text().split(" ", -1);
    int[] ids = new int[Integer.parseInt(numbers[1])];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = 100 + (31 * Integer.parseInt(numbers[0]) + i) % 800;
    }
    ids[0] = CLS;
    ids[ids.length - 1] = SEP;
    return new Encoding(ids, new int[ids.length], false);
  }
}
