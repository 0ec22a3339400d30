package dev.retort.train;

import dev.retort.data.Batch;
import dev.retort.data.BatchSource;
import dev.retort.model.ForwardMode;
import dev.retort.model.Mix;
import dev.retort.model.Network;
import dev.retort.model.NetworkOutput;
import dev.retort.recipe.Source;
import dev.retort.signal.Distribution;
import dev.retort.signal.Signals;
import dev.retort.teacher.Question;
import dev.retort.tensor.Gradients;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import dev.retort.tensor.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The forward and backward passes of a step, on several threads at once.
///
/// Every micro-batch is cut into [#COUNT] parts, each of which has a thread and a twin of the
/// student that gathers gradients of its own. Gradients are added up in a fixed order, so that
/// equal runs stay equal to the bit.
///
/// @param <B> what the student computes
final class Shards<B extends Batch> implements AutoCloseable {

  /// On purpose not the number of cores: sums in 32 bits depend on how they are cut, and a run
  /// should give the same student on machines of any size.
  private static final int COUNT = 2;

  /// The place of the seed of mixtures in the stream of a part's.
  private static final long MIXUP = 1;

  private record Shard<B extends Batch>(Network<B> student, Losses losses) {

    SequencedMap<String, Tensor> trained() {
      return Shards.trained(student, losses);
    }
  }

  private final TrainJob<B> job;
  private final MovingAverages<B> averages;
  private final List<Shard<B>> shards = new ArrayList<>();
  private final List<SequencedMap<String, Tensor>> shares;
  private final Workers workers;
  private final boolean twice;

  Shards(TrainJob<B> job, Losses losses, MovingAverages<B> averages, Workers workers) {
    this.job = job;
    this.averages = averages;
    this.workers = workers;
    this.twice = losses.needTwoRuns();
    shards.add(new Shard<>(job.student(), losses));
    for (int i = 1; i < count(losses); i++) {
      shards.add(new Shard<>(job.student().twin(), losses.twin()));
    }
    this.shares = Shares.of(shards.getFirst().trained(), job.student().tables(), COUNT);
  }

  /// How many parts a micro-batch is cut into under `losses`.
  static int count(Losses losses) {
    return losses.needWholeBatches() ? 1 : COUNT;
  }

  /// All tensors that are trained, by name.
  static SequencedMap<String, Tensor> trained(Network<?> student, Losses losses) {
    SequencedMap<String, Tensor> all = student.parameters().byName();
    all.putAll(losses.parameters());
    return all;
  }

  /// Adds the gradients of a step over `microBatches` of `data` to the student's parameters, and
  /// returns the mean of each loss. `seed` decides dropout, and the share `progress` of all steps
  /// the weights of terms that ramp up.
  SequencedMap<String, Double> gradients(
      BatchSource<B> data, List<B> microBatches, long seed, double progress) {
    List<Question<B>> parts = microBatches.stream().flatMap(batch -> parts(data, batch)).toList();
    long[] counts = shards.getFirst().losses().counts(parts.stream().map(Question::batch).toList());
    List<SequencedMap<String, Double>> means =
        workers.map(
            IntStream.range(0, shards.size()).boxed().toList(),
            shard -> gradients(shard, parts, counts, seed, progress));
    workers.forEach(shares, this::addUp);
    return sum(means);
  }

  /// Moves the gradients of the twins of `share` there.
  private void addUp(SequencedMap<String, Tensor> share) {
    for (int i = 1; i < shards.size(); i++) {
      SequencedMap<String, Tensor> twins = shards.get(i).trained();
      twins.keySet().retainAll(share.keySet());
      Gradients.move(twins, share);
    }
  }

  /// The examples of `batch` in as many parts of about equal size as there are shards, each padded
  /// to its own longest; fewer parts when there are fewer examples. Where the student is compared
  /// with itself, each part has its examples twice, one half after the other.
  private Stream<Question<B>> parts(BatchSource<B> data, B batch) {
    int parts = Math.min(shards.size(), batch.size());
    return parts == 1 && !twice
        ? Stream.of(new Question<>(data, batch))
        : IntStream.range(0, parts)
            .mapToObj(part ->
                Arrays.copyOfRange(
                    batch.rows(), part * batch.size() / parts, (part + 1) * batch.size() / parts))
            .map(rows -> new Question<>(data, data.batch(twice ? repeated(rows) : rows)));
  }

  private static int[] repeated(int[] rows) {
    return IntStream.concat(Arrays.stream(rows), Arrays.stream(rows)).toArray();
  }

  /// What each half of a part's rows is compared with: the other half's answers.
  private static Signals otherHalf(Tensor logitsNV) {
    long half = logitsNV.size(0) / 2;
    Tensor answers = logitsNV.detach();
    Tensor swapped =
        Tensors.concatenate(List.of(answers.narrow(0, half, half), answers.narrow(0, 0, half)), 0);
    return Signals.of(new Distribution.Dense(swapped));
  }

  private SequencedMap<String, Double> gradients(
      int shard, List<Question<B>> parts, long[] counts, long seed, double progress) {
    List<SequencedMap<String, Double>> means = new ArrayList<>();
    for (int i = shard; i < parts.size(); i += shards.size()) {
      long ofPart = Seed.derive(seed, i);
      means.add(gradients(shards.get(shard), parts.get(i), counts, ofPart, progress));
    }
    return sum(means);
  }

  private SequencedMap<String, Double> gradients(
      Shard<B> shard, Question<B> part, long[] counts, long seed, double progress) {
    Question<B> question = part.mixed(mix(part, seed));
    try (Scope _ = Scope.open()) {
      Map<Source, Signals> heard = averages.ask(question);
      job.teacher()
          .ifPresent(
              teacher -> heard.put(new Source.Teacher(), teacher.ask(question, job.needs())));
      ForwardMode mode =
          ForwardMode.train(job.settings().precision(), seed)
              .mixing(question.mix())
              .checkpointing(job.settings().gradientCheckpointing());
      NetworkOutput output =
          shard
              .student()
              .forward(question.batch(), shard.losses().needFeatures() ? mode.capturing() : mode);
      if (twice) {
        heard.put(new Source.Dropout(), otherHalf(output.logitsNV()));
      }
      return shard.losses().backward(output, heard, question, counts, progress);
    }
  }

  private Optional<Mix> mix(Question<B> part, long seed) {
    return job.settings()
        .mixup()
        .flatMap(mixup -> mixup.draw(part.batch().size(), Seed.derive(seed, MIXUP)));
  }

  private static SequencedMap<String, Double> sum(List<SequencedMap<String, Double>> all) {
    SequencedMap<String, Double> sums = new LinkedHashMap<>();
    all.forEach(some -> some.forEach((name, mean) -> sums.merge(name, mean, Double::sum)));
    return sums;
  }

  @Override
  public void close() {
    shards.stream()
        .skip(1)
        .forEach(shard -> {
          shard.student().close();
          shard.losses().parameters().values().forEach(Tensor::close);
        });
  }
}
