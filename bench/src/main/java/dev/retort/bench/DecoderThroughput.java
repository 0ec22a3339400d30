package dev.retort.bench;

import dev.retort.data.Batches;
import dev.retort.data.CompletionEncoder;
import dev.retort.data.Example;
import dev.retort.data.Place;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.io.Folders;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.objective.ForwardKl;
import dev.retort.recipe.Keep;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.TrainSettings;
import dev.retort.runtime.Encoding;
import dev.retort.runtime.Tokenizer;
import dev.retort.signal.Need;
import dev.retort.teacher.LocalTeacher;
import dev.retort.tensor.Engine;
import dev.retort.train.BoundTerm;
import dev.retort.train.Checkpoints;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainJob;
import dev.retort.train.Trainer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Completion tokens a second of distilling a language model with its teacher asked in every step,
/// as recipes run it: the counterpart of `bench/peers/gkd_peers.py`, which reads the batches that
/// this program writes.
///
/// Usage: `DecoderThroughput --teacher FOLDER --data FILE.jsonl --out RESULT.json --batches
/// FILE.jsonl [--every 2] [--steps 12] [--batch-tokens 1024] [--precision bf16] [--peak-gflops 970]
/// [--learning-rate 1e-4] [--max-length 256] [--seed 7]`. Lines of the data have `prompt` and
/// `completion`; the student has every second layer of its teacher, or as `--every` says.
public final class DecoderThroughput {

  private static final double WEIGHT_DECAY = 0.01;
  private static final double MAX_NORM = 1;

  private final Arguments arguments;
  private final SequenceDataset data;
  private final List<SequenceBatch> batches;

  private DecoderThroughput(Arguments arguments, SequenceDataset data) {
    this.arguments = arguments;
    this.data = data;
    Batches<SequenceBatch> epoch = Batches.shuffled(data, batchTokens(), seed(), 0);
    this.batches = StepLog.planned(epoch, arguments);
  }

  /// Measures and writes the result.
  public static void main(String[] args) throws IOException {
    double load = Machine.loadAverage();
    Arguments arguments =
        Arguments.parse(args, List.of("teacher", "data", "out", "batches"), defaults());
    PretrainedDecoder teacher = PretrainedDecoder.read(arguments.path("teacher"));
    DecoderThroughput bench = new DecoderThroughput(arguments, read(arguments, teacher));
    bench.writeBatches();
    SequencedMap<String, Object> result = bench.result(teacher);
    result.put("load_average_before", load);
    result.put("threads", Runtime.getRuntime().availableProcessors());
    result.put("peak_rss_bytes", Machine.peakResidentBytes());
    result.put("versions", Map.of("libtorch", Engine.version()));
    ResultFile.write(result, arguments.path("out"));
  }

  private static Map<String, String> defaults() {
    return Map.of(
        "every", "2",
        "steps", "12",
        "batch-tokens", "1024",
        "precision", "bf16",
        "peak-gflops", "970",
        "learning-rate", "1e-4",
        "max-length", "256",
        "seed", "7");
  }

  /// The prompts and completions of `--data`, in the tokens of `model`, up to `--max-length`.
  static SequenceDataset read(Arguments arguments, PretrainedDecoder model) throws IOException {
    Path file = arguments.path("data");
    List<TokenSequence> sequences = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.open(model.tokenizer());
        Stream<String> lines = Files.lines(file)) {
      CompletionEncoder encoder =
          new CompletionEncoder(tokenizer, arguments.count("max-length", 2), model.endId());
      lines.forEach(line -> {
        JsonNode json = JsonMapper.shared().readTree(line);
        Encoding encoding =
            encoder.encode(
                new Example(
                    json.required("prompt").asString(),
                    Optional.of(json.required("completion").asString()),
                    0,
                    new Place(file, 1)));
        int first = IntStream.of(encoding.typeIds()).boxed().toList().indexOf(1);
        if (first > 0) {
          sequences.add(TokenSequence.completion(encoding.ids(), first));
        }
      });
    }
    return new SequenceDataset(sequences);
  }

  /// A batch a line: its sequences, each with its tokens and where its completion begins.
  private void writeBatches() throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(arguments.path("batches"))) {
      for (SequenceBatch batch : batches) {
        List<Map<String, Object>> sequences =
            Arrays.stream(batch.rows())
                .mapToObj(data.sequences()::get)
                .map(sequence ->
                    Map.<String, Object>of(
                        "ids", sequence.ids(), "first", sequence.learnt().nextSetBit(0)))
                .toList();
        out.write(JsonMapper.shared().writeValueAsString(sequences));
        out.write('\n');
      }
    }
  }

  private SequencedMap<String, Object> result(PretrainedDecoder pretrained) throws IOException {
    Path work = Files.createTempDirectory("retort-bench");
    int every = arguments.count("every", 1);
    List<Integer> layers =
        IntStream.range(0, pretrained.config().layers())
            .filter(i -> i % every == every - 1)
            .boxed()
            .toList();
    Precision precision = arguments.choice("precision", Precision.class);
    try (CausalLanguageModel teacher = pretrained.weights();
        CausalLanguageModel asked = teacher.frozen(precision);
        CausalLanguageModel student = teacher.withLayers(layers)) {
      StopSwitch stop = new StopSwitch();
      StepLog<SequenceBatch> log = new StepLog<>(batches, stop);
      LocalTeacher<SequenceBatch> told = new LocalTeacher<>("teacher", "", asked, precision);
      try (Trainer<SequenceBatch> trainer =
          new Trainer<>(
              job(student, told, precision),
              new Checkpoints(work.resolve("checkpoints")),
              List.of(log),
              stop)) {
        trainer.run();
      }
      SequencedMap<String, Object> result = settings(layers, precision);
      result.putAll(
          log.summary(
              new DecoderCost(
                  student.config(), teacher.config(), arguments.positive("peak-gflops"))));
      return result;
    } finally {
      Folders.delete(work);
    }
  }

  private TrainJob<SequenceBatch> job(
      CausalLanguageModel student, LocalTeacher<SequenceBatch> teacher, Precision precision) {
    return new TrainJob<>(
        "student",
        student,
        Optional.of(teacher),
        Set.of(Need.DISTRIBUTION),
        List.of(new BoundTerm("forward-kl", new ForwardKl(1), 1)),
        data,
        new TrainSettings(
            1,
            batchTokens(),
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

  private SequencedMap<String, Object> settings(List<Integer> layers, Precision precision) {
    SequencedMap<String, Object> settings = new LinkedHashMap<>();
    settings.put("mode", "retort");
    settings.put("layers", layers);
    settings.put("steps", batches.size());
    settings.put("batch_tokens", batchTokens());
    settings.put("lr", arguments.positive("learning-rate"));
    settings.put("warm_up_steps", StepLog.WARM_UP);
    settings.put("precision", precision.name().toLowerCase(Locale.ROOT));
    return settings;
  }

  private int batchTokens() {
    return arguments.count("batch-tokens", 1);
  }

  private long seed() {
    return arguments.count("seed", 0);
  }
}
