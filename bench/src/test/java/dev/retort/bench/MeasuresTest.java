package dev.retort.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.Batches;
import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Labels;
import dev.retort.data.Place;
import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.Activation;
import dev.retort.model.Bert;
import dev.retort.model.EncoderConfig;
import dev.retort.runtime.Encoding;
import dev.retort.train.StepReport;
import dev.retort.train.StopSwitch;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeasuresTest {

  private static final EncoderConfig CONFIG =
      new EncoderConfig(new Bert(), 2, 8, 2, 16, 32, 16, 2, 1e-12, Activation.GELU, 0.1, 0.1, 0);

  /// Expected values are those of `numpy.percentile([4, 1, 3, 2], …)`.
  @Test
  void quantilesAreThoseOfNumpy() {
    Quantiles quantiles = new Quantiles(new double[] {4, 1, 3, 2});

    assertThat(quantiles.median()).isEqualTo(2.5);
    assertThat(quantiles.at(0.95)).isCloseTo(3.85, within(1e-12));
    assertThat(quantiles.at(0)).isEqualTo(1);
    assertThat(quantiles.at(1)).isEqualTo(4);
    assertThatThrownBy(() -> new Quantiles(new double[0]))
        .hasMessageContaining("at least one sample");
  }

  /// Counted by hand: a layer has 4·8·8 + 2·8·16 = 512 weights, so N = 1024. The batch has 5 real
  /// tokens in 2 rows of length 3; 3 labels.
  @Test
  void operationsAreCountedOnRealTokens() {
    double encoder = 6.0 * 1024 * 5;
    double head = 6.0 * 8 * 3 * 2;
    double attention = 3.0 * 4 * 3 * 8 * 2 * 5;

    assertThat(new TrainingCost(CONFIG, 3, Optional.empty(), 1).operations(data(3, 2).batch(0, 1)))
        .isEqualTo(encoder + head + attention);
  }

  @Test
  void batchesHaveTheRowsAskedForOnAverage() {
    int[] lengths = IntStream.range(0, 200).map(i -> 3 + i % 17).toArray();
    TokenizedDataset data = data(lengths);

    int tokens = DistillationThroughput.batchTokens(data, 8, 7);

    assertThat(Batches.shuffled(data, tokens, 7, 0).size()).isEqualTo(25);
    assertThat(Batches.shuffled(data, tokens - 1, 7, 0).size()).isGreaterThan(25);
  }

  @Test
  void stepsAfterTheWarmUpAreSummedUp() {
    TokenizedDataset data = data(3, 2);
    List<TextBatch> batches = IntStream.range(0, 5).mapToObj(_ -> data.batch(0, 1)).toList();
    StopSwitch stop = new StopSwitch();
    StepLog<TextBatch> log = new StepLog<>(batches, stop);

    for (int step = 1; step <= 5; step++) {
      assertThat(stop.reason()).isEmpty();
      log.stepEnded(
          new StepReport(
              "student", step, 9, 0, 1.0 / step, new LinkedHashMap<>(), 0, 0, 5, Optional.empty()));
    }
    Map<String, Object> summary = log.summary(new TrainingCost(CONFIG, 3, Optional.empty(), 100));

    assertThat(stop.reason()).isPresent();
    assertThat(summary)
        .containsEntry("timed_steps", 2)
        .containsEntry("real_token_share", 5 / 6.0)
        .containsEntry("losses", List.of(1.0, 1 / 2.0, 1 / 3.0, 1 / 4.0, 1 / 5.0));
    double seconds = number(summary, "timed_seconds");
    assertThat(number(summary, "examples_per_second")).isCloseTo(4 / seconds, within(1e-6));
    assertThat(number(summary, "real_tokens_per_second")).isCloseTo(10 / seconds, within(1e-6));
  }

  private static double number(Map<String, Object> summary, String key) {
    return (double) Optional.ofNullable(summary.get(key)).orElseThrow();
  }

  private static TokenizedDataset data(int... lengths) {
    List<Example> examples =
        IntStream.range(0, lengths.length)
            .mapToObj(i ->
                new Example(
                    String.valueOf(lengths[i]),
                    Optional.empty(),
                    0,
                    new Place(Path.of("x"), i + 1)))
            .toList();
    return TokenizedDataset.of(
        new Dataset("train", examples, Labels.of(List.of("a", "b", "c"))),
        example -> {
          int length = Integer.parseInt(example.text());
          return new Encoding(new int[length], new int[length], false);
        },
        0);
  }
}
