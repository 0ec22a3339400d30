package dev.retort.policy;

import dev.retort.data.Batches;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.recipe.OnPolicy;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Workers;
import dev.retort.train.Rollout;
import dev.retort.train.Rollouts;
import dev.retort.train.StepBatches;
import dev.retort.train.TrainProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Texts that a student writes while it is trained (GKD, Agarwal et al. 2024, arXiv 2306.13649,
/// algorithm 1). In an on-policy step it continues the prompts of the texts whose turn it is, or
/// learns again from texts of earlier steps; any other step learns from the data.
///
/// Chance decides from the seed of the step alone which kind a step is.
public final class OnPolicyTexts implements Rollouts<SequenceBatch> {

  /// The place of what is left to chance here in the stream of a step's seed; the parts of its
  /// micro-batches have those from 0 on.
  private static final long CHANCE = -1;

  private final Author author;
  private final OnPolicy policy;
  private final int batchTokens;
  private final Generations log;
  private final Prompts prompts;
  private final Optional<ReplayBuffer> replay;
  private String phase = "";

  /// Texts by `author`, the student that is trained.
  ///
  /// @param batchTokens tokens of a micro-batch at most
  /// @param log where people can read what was written
  public OnPolicyTexts(Author author, OnPolicy policy, int batchTokens, Generations log) {
    this.author = author;
    this.policy = policy;
    this.batchTokens = batchTokens;
    this.log = log;
    this.prompts = new Prompts(policy.promptTokens());
    this.replay = policy.replay().map(settings -> new ReplayBuffer(settings.capacity()));
  }

  @Override
  public void started(TrainProgress progress) {
    phase = progress.phase();
    log.forgetAfter(progress);
  }

  @Override
  public StepBatches<SequenceBatch> of(
      StepBatches<SequenceBatch> planned, Moment moment, Workers workers) {
    Random chance = new Random(Seed.derive(moment.seed(), CHANCE));
    boolean own = chance.nextDouble() < policy.share();
    if (!own || moment.progress() < policy.warmUp()) {
      return planned;
    }
    int count = planned.microBatches().stream().mapToInt(SequenceBatch::size).sum();
    return again(count, chance).orElseGet(() -> written(planned, moment, chance, workers));
  }

  /// Texts of earlier steps, if this step is to learn from them and there are enough.
  private Optional<StepBatches<SequenceBatch>> again(int count, Random chance) {
    double share = policy.replay().map(OnPolicy.Replay::share).orElse(0.0);
    boolean wanted = chance.nextDouble() < share;
    return replay
        .filter(buffer -> wanted && buffer.size() >= count)
        .map(buffer -> batches(buffer.draw(count, chance), Rollout.again(count)));
  }

  private StepBatches<SequenceBatch> written(
      StepBatches<SequenceBatch> planned, Moment moment, Random chance, Workers workers) {
    long start = System.nanoTime();
    List<int[]> begun =
        planned.microBatches().stream()
            .flatMap(batch -> prompts.of(batch, chance).stream())
            .toList();
    List<WrittenText> texts = author.written(begun, policy, chance.nextLong(), workers);
    double seconds = (System.nanoTime() - start) / 1e9;
    log.add(phase, moment.step(), texts);
    replay.ifPresent(buffer -> buffer.add(texts));
    return batches(
        texts,
        new Rollout(
            texts.size(),
            texts.stream().filter(text -> !text.ended()).count(),
            texts.stream().mapToLong(text -> text.ids().length - text.first()).sum(),
            seconds,
            0));
  }

  /// Completions are longer or shorter than those of the data: micro-batches are cut anew.
  private StepBatches<SequenceBatch> batches(List<WrittenText> texts, Rollout rollout) {
    OwnTexts own =
        new OwnTexts(new SequenceDataset(texts.stream().map(WrittenText::sequence).toList()));
    List<SequenceBatch> batches = new ArrayList<>();
    Batches.inOrder(own, batchTokens).forEach(batches::add);
    return new StepBatches<>(own, batches, Optional.of(rollout));
  }

  @Override
  public void write(Path checkpoint) throws IOException {
    if (replay.isPresent()) {
      replay.get().write(checkpoint);
    }
  }

  @Override
  public void read(Path checkpoint) throws IOException {
    if (replay.isPresent()) {
      replay.get().read(checkpoint);
    }
  }
}
