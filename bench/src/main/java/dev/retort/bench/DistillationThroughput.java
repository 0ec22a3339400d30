package dev.retort.bench;

import dev.retort.data.Batches;
import dev.retort.data.Labels;
import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.io.Folders;
import dev.retort.model.ModelFolder;
import dev.retort.model.ModelWeights;
import dev.retort.model.Precision;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.recipe.Keep;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.TrainSettings;
import dev.retort.runtime.Tokenizer;
import dev.retort.signal.SignalStore;
import dev.retort.tensor.Engine;
import dev.retort.train.Checkpoints;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainJob;
import dev.retort.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// Examples a second of Retort's own training loop, as recipes run it: the counterpart of
/// `bench/peers/distill_peers.py` and, for the losses of TinyBERT, of `tinybert_peers.py`. Soft
/// targets are stored beforehand, and the time that takes is reported apart.
///
/// Usage: `DistillationThroughput --teacher FOLDER --student FOLDER --data FILE.jsonl --out
/// RESULT.json [--losses soft|tinybert] [--steps 60] [--batch 32] [--precision bf16] [--peak-gflops
/// 970] [--learning-rate 3e-4] [--max-length 128] [--seed 7]`, in one JVM for each run.
public final class DistillationThroughput {

  private static final double WEIGHT_DECAY = 0.01;
  private static final double MAX_NORM = 1;

  private final Arguments arguments;
  private final Precision precision;
  private final TokenizedDataset data;
  private final int batchTokens;
  private final List<TextBatch> batches;

  private DistillationThroughput(Arguments arguments, TokenizedDataset data) {
    this.arguments = arguments;
    this.precision = arguments.choice("precision", Precision.class);
    this.data = data;
    this.batchTokens = batchTokens(data, arguments.count("batch", 1), seed());
    Batches<TextBatch> epoch = Batches.shuffled(data, batchTokens, seed(), 0);
    this.batches = StepLog.planned(epoch, arguments);
  }

  /// Measures and writes the result.
  public static void main(String[] args) throws IOException {
    double load = Machine.loadAverage();
    Arguments arguments =
        Arguments.parse(args, List.of("teacher", "student", "data", "out"), defaults());
    Pretrained student = ModelFolder.read(arguments.path("student"));
    Labels labels = Labels.of(student.labels());
    int maxLength = arguments.count("max-length", 1);
    try (Tokenizer tokenizer = Tokenizer.open(student.tokenizer())) {
      TokenizedDataset data =
          TokenizedDataset.of(
              LabelledTexts.read(arguments.path("data"), labels),
              example -> tokenizer.encode(example.text(), maxLength),
              tokenizer.padId());
      SequencedMap<String, Object> result =
          new DistillationThroughput(arguments, data).result(student);
      result.put("load_average_before", load);
      result.put("threads", Runtime.getRuntime().availableProcessors());
      result.put("peak_rss_bytes", Machine.peakResidentBytes());
      result.put("versions", Map.of("libtorch", Engine.version()));
      ResultFile.write(result, arguments.path("out"));
    }
  }

  private static Map<String, String> defaults() {
    return Map.of(
        "losses", "soft",
        "steps", "60",
        "batch", "32",
        "precision", "bf16",
        "peak-gflops", "970",
        "learning-rate", "3e-4",
        "max-length", "128",
        "seed", "7");
  }

  /// The least bound on a batch's tokens under which batches have `examples` rows on average.
  static int batchTokens(TokenizedDataset data, int examples, long seed) {
    int most = Math.ceilDiv(data.size(), examples);
    int low = 1;
    int high = examples * IntStream.range(0, data.size()).map(data::length).max().orElse(1);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Batches.shuffled(data, middle, seed, 0).size() <= most) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private SequencedMap<String, Object> result(Pretrained pretrained) throws IOException {
    Path work = Files.createTempDirectory("retort-bench");
    Checkpoints checkpoints = new Checkpoints(work.resolve("checkpoints"));
    try (TextClassifier teacher =
            ModelWeights.classifier(ModelFolder.read(arguments.path("teacher")));
        TextClassifier frozen = teacher.frozen(precision);
        TextClassifier student = ModelWeights.classifier(pretrained);
        SignalStore store =
            SignalStore.open(
                work.resolve("signals"), Lesson.FINGERPRINT, student.labels().size())) {
      Lesson lesson =
          switch (arguments.choice("losses", Lesson.Losses.class)) {
            case SOFT -> Lesson.softTargets(teacher, store, used());
            case TINYBERT -> Lesson.tinyBert(frozen, student, precision, seed());
          };
      StopSwitch stop = new StopSwitch();
      StepLog<TextBatch> log = new StepLog<>(batches, stop);
      try (Trainer<TextBatch> trainer =
          new Trainer<>(job(student, lesson), checkpoints, List.of(log), stop)) {
        trainer.run();
      }
      SequencedMap<String, Object> result = settings();
      result.putAll(lesson.facts());
      result.putAll(
          log.summary(cost(student, lesson.asked() ? Optional.of(teacher) : Optional.empty())));
      return result;
    } finally {
      Folders.delete(work);
    }
  }

  /// Only the rows that are trained on.
  private TokenizedDataset used() {
    return data.subset(
        batches.stream().flatMapToInt(batch -> Arrays.stream(batch.rows())).toArray());
  }

  private TrainJob<TextBatch> job(TextClassifier student, Lesson lesson) {
    return new TrainJob<>(
        "student",
        student,
        Optional.of(lesson.teacher()),
        lesson.needs(),
        lesson.terms(),
        data,
        new TrainSettings(
            1,
            batchTokens,
            1,
            arguments.positive("learning-rate"),
            1,
            new Schedule.Constant(0),
            WEIGHT_DECAY,
            MAX_NORM,
            precision,
            seed(),
            Optional.empty(),
            Keep.LAST,
            Integer.MAX_VALUE),
        _ -> 0);
  }

  private TrainingCost cost(TextClassifier student, Optional<TextClassifier> asked) {
    return new TrainingCost(
        student.config(),
        student.labels().size(),
        asked.map(TextClassifier::config),
        arguments.positive("peak-gflops"));
  }

  private SequencedMap<String, Object> settings() {
    SequencedMap<String, Object> settings = new LinkedHashMap<>();
    settings.put("mode", "retort");
    settings.put("steps", batches.size());
    settings.put("batch", arguments.count("batch", 1));
    settings.put("batch_tokens", batchTokens);
    settings.put("lr", arguments.positive("learning-rate"));
    settings.put("max_length", arguments.count("max-length", 1));
    settings.put("seed", seed());
    settings.put("weight_decay", WEIGHT_DECAY);
    settings.put("max_grad_norm", MAX_NORM);
    settings.put("warm_up_steps", StepLog.WARM_UP);
    settings.put("optimizer", "fused AdamW");
    settings.put("precision", precision.name().toLowerCase(Locale.ROOT));
    return settings;
  }

  private long seed() {
    return arguments.count("seed", 0);
  }
}
