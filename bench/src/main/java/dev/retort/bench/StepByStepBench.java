package dev.retort.bench;

import dev.retort.bench.ArithmeticProblems.Problem;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.Target;
import dev.retort.data.TokenSequence;
import dev.retort.eval.Measured;
import dev.retort.io.Folders;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.Continuation;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.DecoderWeights;
import dev.retort.model.decoder.Generator;
import dev.retort.model.decoder.Llama;
import dev.retort.model.decoder.Sampling;
import dev.retort.objective.CrossEntropy;
import dev.retort.recipe.Keep;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.Source;
import dev.retort.recipe.TrainSettings;
import dev.retort.train.BoundTerm;
import dev.retort.train.Checkpoints;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainJob;
import dev.retort.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// What reasons add to answers (Hsieh et al. 2023): exact match of small decoders that learn
/// arithmetic from nothing, by how many problems they have seen, with and without their steps; and
/// how many problems with steps are worth as much as all without.
///
/// Usage: `StepByStepBench [--sizes 250,500,1000,2000,4000] [--seeds 3] [--steps 800] [--rows 64]
/// [--alpha 0.5] [--hidden 64] [--layers 2] [--learning-rate 2e-3] [--tests 500]`.
///
/// Both students of a size see the same problems equally often, in equally many steps of `--rows`
/// problems; the one with reasons reads more tokens for it.
public final class StepByStepBench {

  private static final double DEVIATION = 0.08;
  private static final double MAX_NORM = 1;
  private static final int ANSWER_TOKENS = 3;
  private static final int TEST_BATCH = 100;

  private final Arguments arguments;
  private final List<Problem> tests;

  private StepByStepBench(Arguments arguments) {
    this.arguments = arguments;
    this.tests = ArithmeticProblems.draw(arguments.count("tests", 1), 1, List.of());
  }

  /// Measures and prints a table.
  public static void main(String[] args) throws IOException {
    new StepByStepBench(
            Arguments.parse(
                args,
                List.of(),
                Map.of(
                    "sizes", "250,500,1000,2000,4000",
                    "seeds", "3",
                    "steps", "800",
                    "rows", "64",
                    "alpha", "0.5",
                    "hidden", "64",
                    "layers", "2",
                    "learning-rate", "2e-3",
                    "tests", "500")))
        .run();
  }

  private void run() throws IOException {
    int[] sizes =
        Arrays.stream(arguments.text("sizes").split(",", -1)).mapToInt(Integer::parseInt).toArray();
    double[] answers = new double[sizes.length];
    double[] steps = new double[sizes.length];
    System.out.println("| problems | answers alone | answers and steps |");
    System.out.println("| --- | --- | --- |");
    for (int i = 0; i < sizes.length; i++) {
      Measured alone = accuracy(sizes[i], false);
      Measured both = accuracy(sizes[i], true);
      answers[i] = alone.value();
      steps[i] = both.value();
      System.out.printf(
          Locale.ROOT, "| %,d | %s | %s |%n", sizes[i], percent(alone), percent(both));
    }
    for (int i = 0; i < sizes.length; i++) {
      System.out.println(needed(sizes, answers[i], steps, sizes[i]));
    }
  }

  private static String percent(Measured measured) {
    return measured.samples() == 1
        ? String.format(Locale.ROOT, "%.1f %%", 100 * measured.value())
        : String.format(
            Locale.ROOT,
            "%.1f %% (%.1f to %.1f)",
            100 * measured.value(),
            100 * measured.low(),
            100 * measured.high());
  }

  /// How many problems with steps reach `accuracy`, by interpolation over the logarithm of sizes.
  private static String needed(int[] sizes, double accuracy, double[] steps, int size) {
    String reached = "%,d problems with answers alone (%.1f %%) are worth ";
    for (int i = 0; i < sizes.length; i++) {
      if (steps[i] >= accuracy) {
        double share =
            i == 0 ? 1 : (accuracy - steps[i - 1]) / Math.max(1e-9, steps[i] - steps[i - 1]);
        double below = Math.log(sizes[Math.max(0, i - 1)]);
        double needed = Math.exp(below + share * (Math.log(sizes[i]) - below));
        return String.format(
            Locale.ROOT,
            reached + (i == 0 ? "at most " : "") + "%,.0f with steps: %.0f %% of the data",
            size,
            100 * accuracy,
            needed,
            100 * needed / size);
      }
    }
    return String.format(Locale.ROOT, reached + "more than all with steps", size, 100 * accuracy);
  }

  private Measured accuracy(int size, boolean reasons) throws IOException {
    int seeds = arguments.count("seeds", 1);
    double[] accuracies = new double[seeds];
    for (int seed = 0; seed < seeds; seed++) {
      accuracies[seed] = accuracy(size, reasons, 7 + seed);
    }
    return SeedInterval.of(accuracies);
  }

  private double accuracy(int size, boolean reasons, long seed) throws IOException {
    List<Problem> problems = ArithmeticProblems.draw(size, 1000 + seed, tests);
    Path work = Files.createTempDirectory("retort-bench");
    DecoderConfig config = config();
    try (CausalLanguageModel student =
        new CausalLanguageModel(config, DecoderWeights.random(config, DEVIATION, seed))) {
      try (Trainer<SequenceBatch> trainer =
          new Trainer<>(
              job(student, problems, reasons, seed),
              new Checkpoints(work.resolve("checkpoints")),
              List.of(),
              new StopSwitch())) {
        trainer.run();
      }
      return accuracy(student);
    } finally {
      Folders.delete(work);
    }
  }

  private DecoderConfig config() {
    int hidden = arguments.count("hidden", 8);
    return new Llama()
        .read(
            JsonMapper.shared()
                .readTree(
                    """
                    {"hidden_size": %d, "num_hidden_layers": %d, "num_attention_heads": 4,
                     "intermediate_size": %d, "vocab_size": %d, "max_position_embeddings": 64,
                     "tie_word_embeddings": true, "eos_token_id": %d}
                    """
                        .formatted(
                            hidden,
                            arguments.count("layers", 1),
                            4 * hidden,
                            ArithmeticProblems.tokens(),
                            ArithmeticProblems.END)));
  }

  private TrainJob<SequenceBatch> job(
      CausalLanguageModel student, List<Problem> problems, boolean reasons, long seed) {
    SequenceDataset once = texts(problems, reasons);
    int rows = arguments.count("rows", 1);
    // As often as it takes for all steps: one epoch of copies, so that it has one checkpoint.
    int copies = Math.max(1, Math.ceilDiv(arguments.count("steps", 1) * rows, problems.size()));
    List<TokenSequence> all =
        Stream.generate(once::sequences).limit(copies).flatMap(List::stream).toList();
    long tokens = once.sequences().stream().mapToLong(TokenSequence::length).sum();
    int batchTokens = Math.toIntExact(Math.ceilDiv(tokens * rows, problems.size()));
    return new TrainJob<>(
        "student",
        student,
        Optional.empty(),
        Set.of(),
        terms(reasons),
        new SequenceDataset(all),
        settings(batchTokens, seed),
        _ -> 0);
  }

  private static SequenceDataset texts(List<Problem> problems, boolean reasons) {
    SequenceDataset answers =
        new SequenceDataset(problems.stream().map(ArithmeticProblems::withAnswer).toList());
    return reasons
        ? answers.and(
            new SequenceDataset(problems.stream().map(ArithmeticProblems::withRationale).toList()))
        : answers;
  }

  private List<BoundTerm> terms(boolean reasons) {
    double alpha = arguments.positive("alpha");
    List<BoundTerm> terms = new ArrayList<>();
    terms.add(term("label", reasons ? alpha : 1, Target.LABEL));
    if (reasons) {
      terms.add(term("rationale", 1 - alpha, Target.RATIONALE));
    }
    return terms;
  }

  private static BoundTerm term(String name, double weight, Target target) {
    return new BoundTerm(
        name, new CrossEntropy(0), weight, new Source.Teacher(), 0, Optional.of(target));
  }

  private TrainSettings settings(int batchTokens, long seed) {
    return new TrainSettings(
        1,
        batchTokens,
        1,
        arguments.positive("learning-rate"),
        1,
        new Schedule.Linear(0.05),
        0.01,
        MAX_NORM,
        Precision.FP32,
        seed,
        Optional.empty(),
        Keep.LAST,
        Integer.MAX_VALUE);
  }

  /// The share of test problems to which the student writes the answer and its end.
  private double accuracy(CausalLanguageModel student) {
    Generator generator = new Generator(student, Precision.FP32);
    Sampling greedy = Sampling.greedy(ANSWER_TOKENS, Set.of(ArithmeticProblems.END));
    int right = 0;
    for (int first = 0; first < tests.size(); first += TEST_BATCH) {
      List<Problem> some = tests.subList(first, Math.min(tests.size(), first + TEST_BATCH));
      List<Continuation> written =
          generator.continued(some.stream().map(ArithmeticProblems::prompt).toList(), greedy);
      for (int i = 0; i < some.size(); i++) {
        Continuation answer = written.get(i);
        boolean same =
            answer.ended()
                && withoutEnd(answer).equals(List.of(ArithmeticProblems.answer(some.get(i))));
        right += same ? 1 : 0;
      }
    }
    return right / (double) tests.size();
  }

  private static List<Integer> withoutEnd(Continuation answer) {
    return answer.ids().stream().filter(id -> id != ArithmeticProblems.END).toList();
  }
}
