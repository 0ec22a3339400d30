package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.runtime.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchesTest {
  private static final TokenizedDataset DATA =
      Examples.tokenized(Examples.random(20_000, 5, 60, 3), 50);

  @Test
  void fillsRowsPaddedOnTheRight() {
    List<Example> examples =
        List.of(
            new Example("aa b", Optional.of("ccc"), 1, new Place(Examples.FILE, 2)),
            new Example("dddd", Optional.empty(), -1, new Place(Examples.FILE, 3)));
    TextBatch batch = Examples.tokenized(Examples.dataset("train", 2, examples), 9).batch(1, 0);

    assertThat(batch.size()).isEqualTo(2);
    assertThat(batch.length()).isEqualTo(3);
    assertThat(batch.rows()).containsExactly(1, 0);
    assertThat(batch.ids()).containsExactly(4, 99, 99, 2, 1, 3);
    assertThat(batch.typeIds()).containsExactly(0, 0, 0, 0, 0, 1);
    assertThat(batch.mask()).containsExactly(1, 0, 0, 1, 1, 1);
    assertThat(batch.labels()).containsExactly(-1, 1);
    assertThat(batch.tokens()).isEqualTo(4);
    assertThat(batch.paddedTokens()).isEqualTo(6);
  }

  @Test
  void aBatchIsPaddedToItsOwnRows() {
    List<Example> examples =
        List.of(
            new Example("aa b ccc", Optional.empty(), 1, new Place(Examples.FILE, 2)),
            new Example("dddd", Optional.empty(), 0, new Place(Examples.FILE, 3)),
            new Example("b", Optional.empty(), 1, new Place(Examples.FILE, 4)));
    TokenizedDataset data = Examples.tokenized(Examples.dataset("train", 2, examples), 9);

    assertThat(data.batch(0, 1, 2).length()).isEqualTo(3);
    assertThat(data.batch(1, 2).length()).isEqualTo(1);
    assertThat(data.batch(1, 2).lengths()).containsExactly(1, 1);
    assertThat(data.contentKeys(2, 0))
        .containsExactly(examples.get(2).contentKey(), examples.get(0).contentKey());
    assertThat(data.subset(2, 0).batch(0, 1).ids()).isEqualTo(data.batch(2, 0).ids());
    assertThat(data.subset(2, 0).dataset().examples())
        .containsExactly(examples.get(2), examples.get(0));
  }

  @Test
  void windowsHoldAllBatchesInOrder() {
    Batches<TextBatch> batches = Batches.inOrder(DATA, 2048);
    List<TextBatch> all = StreamSupport.stream(batches.spliterator(), false).toList();

    List<TextBatch> windowed = new ArrayList<>();
    for (List<TextBatch> window : batches.windows(7)) {
      assertThat(window).hasSizeLessThanOrEqualTo(7);
      windowed.addAll(window);
    }
    assertThat(windowed).containsExactlyElementsOf(all);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "64, 1", "4096, 2", "2000000000, 3"})
  void everyExampleIsInOneBatchWithinTheLimit(int batchTokens, int epoch) {
    TokenizedDataset data = Examples.tokenized(Examples.random(3_000, 5, 60, 3), 50);

    for (Batches<TextBatch> batches :
        List.of(
            Batches.shuffled(data, batchTokens, 7, epoch), Batches.inOrder(data, batchTokens))) {
      List<Integer> seen = new ArrayList<>();
      long computed = 0;
      for (TextBatch batch : batches) {
        assertThat(batch.size() == 1 || batch.paddedTokens() <= batchTokens).isTrue();
        assertThat(batch.mask()).hasSize(batch.size() * batch.length());
        Arrays.stream(batch.rows()).forEach(seen::add);
        computed += batch.paddedTokens();
      }
      assertThat(seen).hasSize(3_000).doesNotHaveDuplicates();
      assertThat(batches.paddedTokens()).isEqualTo(computed);
      assertThat(batches.paddingFraction()).isEqualTo(1 - data.tokens() / (double) computed);
    }
  }

  @Test
  void seedAndEpochDecideTheOrder() {
    List<int[]> first = rows(Batches.shuffled(DATA, 2048, 7, 0));

    assertThat(rows(Batches.shuffled(DATA, 2048, 7, 0)))
        .usingRecursiveComparison()
        .isEqualTo(first);
    assertThat(first.getFirst()).isNotEqualTo(rows(Batches.shuffled(DATA, 2048, 7, 1)).getFirst());
    assertThat(first.getFirst()).isNotEqualTo(rows(Batches.shuffled(DATA, 2048, 8, 0)).getFirst());
  }

  @Test
  void aBatchCanBeHadWithoutThoseBeforeIt() {
    Batches<TextBatch> batches = Batches.shuffled(DATA, 2048, 7, 2);
    List<TextBatch> all = StreamSupport.stream(batches.spliterator(), false).toList();

    assertThat(all).hasSize(batches.size());
    assertThat(Batches.shuffled(DATA, 2048, 7, 2).get(37)).isEqualTo(all.get(37));
  }

  @Test
  void bucketingWastesFarLessThanRandomBatches() {
    double random = randomPadding(DATA);

    assertThat(random).isGreaterThan(0.3);
    assertThat(Batches.shuffled(DATA, 2048, 7, 0).paddingFraction()).isLessThan(random / 5);
    assertThat(Batches.inOrder(DATA, 2048).paddingFraction())
        .isLessThanOrEqualTo(Batches.shuffled(DATA, 2048, 7, 0).paddingFraction());
  }

  /// The padding of batches of 32 shuffled rows, as most trainers make them.
  private static double randomPadding(TokenizedDataset data) {
    List<Integer> rows = new ArrayList<>(IntStream.range(0, data.size()).boxed().toList());
    Collections.shuffle(rows, new Random(1));
    long computed = 0;
    for (int start = 0; start < rows.size(); start += 32) {
      List<Integer> some = rows.subList(start, Math.min(rows.size(), start + 32));
      computed += (long) some.size() * some.stream().mapToInt(data::length).max().orElseThrow();
    }
    return 1 - data.tokens() / (double) computed;
  }

  @Test
  void batchesOfAllLengthsComeInEveryPartOfAnEpoch() {
    Batches<TextBatch> batches = Batches.shuffled(DATA, 2048, 7, 0);
    List<Integer> lengths =
        IntStream.range(0, batches.size()).mapToObj(i -> batches.get(i).length()).toList();
    int half = lengths.size() / 2;
    double first = lengths.subList(0, half).stream().mapToInt(i -> i).average().orElseThrow();
    double second =
        lengths.subList(half, lengths.size()).stream().mapToInt(i -> i).average().orElseThrow();

    assertThat(first / second).isBetween(0.7, 1.4);
  }

  @Test
  void evaluationGoesFromLongToShort() {
    Batches<TextBatch> batches = Batches.inOrder(DATA, 2048);

    assertThat(IntStream.range(0, batches.size()).map(i -> -batches.get(i).length()).toArray())
        .isSorted();
  }

  @Test
  void anEmptyDatasetHasNoBatches() {
    TokenizedDataset none = Examples.tokenized(Examples.dataset("train", 2), 8);

    assertThat(Batches.shuffled(none, 100, 1, 0).size()).isZero();
    assertThat(Batches.inOrder(none, 100).paddingFraction()).isZero();
  }

  @Test
  void refusesWhatCannotBeBatched() {
    assertThatThrownBy(() -> Batches.inOrder(DATA, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batchTokens is 0");
    Dataset one = Examples.dataset("train", 2, "text");
    Encoding nothing = new Encoding(new int[0], new int[0], false);
    assertThatThrownBy(() -> TokenizedDataset.of(one, _ -> nothing, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("train.csv:2: the text has no tokens");
  }

  private static List<int[]> rows(Batches<TextBatch> batches) {
    return IntStream.range(0, batches.size()).mapToObj(i -> batches.get(i).rows()).toList();
  }
}
