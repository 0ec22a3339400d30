package dev.retort.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.Continuation;
import dev.retort.model.decoder.Generator;
import dev.retort.model.decoder.GoldenDecoders;
import dev.retort.model.decoder.Sampling;
import dev.retort.recipe.OnPolicy;
import dev.retort.runtime.Tokenizer;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Workers;
import dev.retort.train.CheckpointException;
import dev.retort.train.Rollout;
import dev.retort.train.Rollouts.Moment;
import dev.retort.train.StepBatches;
import dev.retort.train.TrainProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OnPolicyTextsTest {

  private static final Set<Integer> ENDS = Set.of(3, 30, 31, 32, 33, 34);
  private static final SequenceDataset DATA =
      new SequenceDataset(
          IntStream.range(0, 12)
              .mapToObj(
                  row -> TokenSequence.completion(new int[] {40 + row, 5, 6, 7, 8}, 1 + row % 3))
              .toList());
  private static final StepBatches<SequenceBatch> PLANNED =
      new StepBatches<>(DATA, List.of(DATA.batch(0, 1, 2, 3), DATA.batch(7, 8)));

  @TempDir Path folder;

  private final Workers workers = Workers.share(2);
  private final Tokenizer tokenizer = tokenizer();
  private final CausalLanguageModel model = model();

  private static Tokenizer tokenizer() {
    try {
      return Tokenizer.open(Path.of("src/test/resources/parity/tokenizer/tokenizer.json"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static CausalLanguageModel model() {
    try {
      return GoldenDecoders.model("llama");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    workers.close();
    tokenizer.close();
    model.close();
  }

  @BeforeEach
  void theTestHasEndsThatAreReached() {
    assertThat(model.config().vocabularySize()).isGreaterThan(60);
  }

  /// Threads, frozen weights and the cache are another way to what the generator says by itself.
  @Test
  void anAuthorWritesWhatItsModelSays() {
    List<int[]> prompts = List.of(new int[] {5, 6}, new int[] {7}, new int[] {8, 9, 10});
    OnPolicy policy = policy(1, 0, Optional.empty());

    List<WrittenText> texts =
        new Author(model, Precision.FP32, ENDS).written(prompts, policy, 17, workers);

    List<Continuation> plain =
        new Generator(model, Precision.FP32)
            .continued(prompts, new Sampling(6, 0.9, 0.95, ENDS, 17));
    assertThat(texts)
        .containsExactlyElementsOf(
            IntStream.range(0, 3)
                .mapToObj(i -> WrittenText.of(prompts.get(i), plain.get(i)))
                .toList());
  }

  @Test
  void aStepLearnsFromWhatTheStudentAddsToItsPrompts() throws IOException {
    OnPolicyTexts texts = texts(policy(1, 0, Optional.empty()), 14);
    texts.started(new TrainProgress("student", 0, 10));

    StepBatches<SequenceBatch> step = texts.of(PLANNED, moment(4), workers);

    List<List<Long>> written = sequences(step);
    assertThat(written).hasSize(6);
    for (SequenceBatch batch : step.microBatches()) {
      assertThat(batch.size() == 1 || batch.tokens() <= 14).isTrue();
      assertThat(batch.labels()).containsOnly(-1);
    }
    // The prompts are all there, in whatever batches.
    assertThat(written)
        .extracting(List::getFirst)
        .containsExactlyInAnyOrder(40L, 41L, 42L, 43L, 47L, 48L);
    Rollout rollout = step.rollout().orElseThrow();
    assertThat(rollout.texts()).isEqualTo(6);
    assertThat(rollout.tokens())
        .isEqualTo(step.microBatches().stream().mapToLong(b -> b.labels().length).sum());
    assertThat(rollout.truncated())
        .isEqualTo(written.stream().filter(ids -> !ENDS.contains(ids.getLast().intValue())).count())
        .isBetween(1L, 5L);
    assertThat(rollout.seconds()).isPositive();
    assertLogTells(written, rollout);
  }

  private void assertLogTells(List<List<Long>> written, Rollout rollout) throws IOException {
    List<JsonNode> lines = lines();
    assertThat(lines).hasSize(written.size());
    assertThat(lines).allMatch(line -> line.path("step").asInt() == 4);
    assertThat(lines.stream().filter(line -> line.path("truncated").asBoolean()))
        .hasSize((int) rollout.truncated());
    List<Integer> spelt =
        lines.stream()
            .map(line -> line.path("prompt").asString() + line.path("completion").asString())
            .map(String::length)
            .sorted()
            .toList();
    assertThat(spelt).allMatch(length -> length > 0);
    assertThat(lines.getFirst().path("prompt").asString()).isEqualTo(tokenizer.decode(40));
  }

  /// Neither the weights nor earlier steps decide whether a step is on-policy.
  @Test
  void theShareOfStepsIsKeptAndTheSameEachTime() {
    OnPolicyTexts texts = texts(policy(0.3, 0, Optional.empty()), 100);
    StepBatches<SequenceBatch> one = new StepBatches<>(DATA, List.of(DATA.batch(0)));

    List<Boolean> own = new ArrayList<>();
    for (int step = 0; step < 300; step++) {
      own.add(texts.of(one, moment(step), workers).rollout().isPresent());
    }

    assertThat(own.stream().filter(on -> on)).hasSizeBetween(70, 110);
    for (int step = 299; step >= 280; step--) {
      assertThat(texts.of(one, moment(step), workers).rollout().isPresent())
          .isEqualTo(own.get(step));
    }
  }

  @Test
  void theFirstStepsLearnFromTheData() {
    OnPolicyTexts texts = texts(policy(1, 0.4, Optional.empty()), 100);

    assertThat(texts.of(PLANNED, new Moment(5, 0.39, 1), workers)).isSameAs(PLANNED);
    assertThat(texts.of(PLANNED, new Moment(6, 0.41, 1), workers)).isNotSameAs(PLANNED);
  }

  @Test
  void withoutAShareEveryStepIsAsPlanned() {
    OnPolicyTexts texts = texts(policy(0, 0, Optional.empty()), 100);

    for (int step = 0; step < 50; step++) {
      assertThat(texts.of(PLANNED, moment(step), workers)).isSameAs(PLANNED);
    }
  }

  @Test
  void textsOfEarlierStepsAreLearntFromAgainWithoutWriting() throws IOException {
    OnPolicyTexts texts = texts(policy(1, 0, Optional.of(new OnPolicy.Replay(0.5, 18))), 100);
    List<List<Long>> known = new ArrayList<>();
    int replayed = 0;
    for (int step = 0; step < 30; step++) {
      StepBatches<SequenceBatch> batches = texts.of(PLANNED, moment(step), workers);
      Rollout rollout = batches.rollout().orElseThrow();
      if (rollout.replayed() > 0) {
        replayed++;
        assertThat(rollout.texts()).isZero();
        assertThat(known.subList(Math.max(0, known.size() - 18), known.size()))
            .containsAll(sequences(batches));
        assertThat(batches.microBatches().getFirst().labels()).containsOnly(-1);
      } else {
        known.addAll(sequences(batches));
      }
    }

    assertThat(replayed).isBetween(8, 22);
    assertThat(lines()).hasSize(6 * (30 - replayed));
  }

  /// A checkpoint remembers what can be replayed.
  @Test
  void whatIsReplayedSurvivesACheckpoint() throws IOException {
    OnPolicy policy = policy(1, 0, Optional.of(new OnPolicy.Replay(0.5, 18)));
    OnPolicyTexts first = texts(policy, 100);
    for (int step = 0; step < 10; step++) {
      first.of(PLANNED, moment(step), workers);
    }
    first.write(folder);
    OnPolicyTexts second = texts(policy, 100);
    second.read(folder);

    for (int step = 10; step < 30; step++) {
      assertThat(sequences(second.of(PLANNED, moment(step), workers)))
          .isEqualTo(sequences(first.of(PLANNED, moment(step), workers)));
    }
  }

  @Test
  void aDamagedCheckpointIsNamed() throws IOException {
    OnPolicyTexts texts = texts(policy(1, 0, Optional.of(new OnPolicy.Replay(0.5, 18))), 100);
    assertThatThrownBy(() -> texts.read(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("replay.json is missing or damaged");

    Files.writeString(folder.resolve("replay.json"), "[{\"ids\":[1,2],");

    assertThatThrownBy(() -> texts.read(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("replay.json is missing or damaged")
        .hasMessageContaining("delete the folder");
  }

  /// Lines of steps that are made again would be there twice; those of other phases stay.
  @Test
  void aResumedPhaseForgetsWhatItWillWriteAgain() throws IOException {
    OnPolicyTexts texts = texts(policy(1, 0, Optional.empty()), 100);
    texts.started(new TrainProgress("other", 0, 10));
    texts.of(PLANNED, moment(3), workers);
    texts.started(new TrainProgress("student", 0, 10));
    for (int step = 1; step <= 3; step++) {
      texts.of(PLANNED, moment(step), workers);
    }
    Files.writeString(
        folder.resolve("generations.jsonl"),
        Files.readString(folder.resolve("generations.jsonl")) + "{\"phase\":\"student\",\"st");

    texts(policy(1, 0, Optional.empty()), 100).started(new TrainProgress("student", 2, 10));

    assertThat(lines()).hasSize(18);
    assertThat(lines().stream().filter(line -> line.path("step").asInt() == 3))
        .allMatch(line -> line.path("phase").asString().equals("other"))
        .hasSize(6);
  }

  private List<JsonNode> lines() throws IOException {
    return Files.readAllLines(folder.resolve("generations.jsonl")).stream()
        .map(line -> JsonMapper.shared().readTree(line))
        .toList();
  }

  private static List<List<Long>> sequences(StepBatches<SequenceBatch> step) {
    List<List<Long>> sequences = new ArrayList<>();
    for (SequenceBatch batch : step.microBatches()) {
      int begin = 0;
      for (long length : batch.lengths()) {
        int end = Math.toIntExact(begin + length);
        sequences.add(Arrays.stream(batch.ids(), begin, end).boxed().toList());
        begin = end;
      }
    }
    return sequences;
  }

  private static Moment moment(int step) {
    return new Moment(step, 0.5, Seed.derive(7, step));
  }

  private static OnPolicy policy(double share, double warmUp, Optional<OnPolicy.Replay> replay) {
    return new OnPolicy(share, 6, 0.9, 0.95, warmUp, Optional.empty(), replay);
  }

  private OnPolicyTexts texts(OnPolicy policy, int batchTokens) {
    return new OnPolicyTexts(
        new Author(model, Precision.FP32, ENDS),
        policy,
        batchTokens,
        new Generations(folder.resolve("generations.jsonl"), tokenizer));
  }
}
