package dev.retort.bench;

import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.Generator;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.model.decoder.Sampling;
import dev.retort.tensor.Workers;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/// Tokens a second that a language model writes in an on-policy step: random prompts, drawn at
/// temperature 1, none of which ends early; the weights are brought into the number format each
/// time, as in training.
///
/// Usage: `GenerationSpeed --model FOLDER [--batches 8,16,32] [--tokens 64] [--prompt 32]
/// [--precision bf16] [--rounds 3]`. Prints the best of the rounds, which begin with one that is
/// not counted, for each number of prompts.
public final class GenerationSpeed {

  private static final int SEED = 7;

  private GenerationSpeed() {}

  /// Measures.
  public static void main(String[] args) throws IOException {
    Arguments arguments = Arguments.parse(args, List.of("model"), defaults());
    int[] sizes =
        Arrays.stream(arguments.text("batches").split(",", -1))
            .mapToInt(Integer::parseInt)
            .toArray();
    Precision precision = arguments.choice("precision", Precision.class);
    int tokens = arguments.count("tokens", 1);
    System.out.printf("load %.2f%n", Machine.loadAverage());
    try (CausalLanguageModel model = PretrainedDecoder.read(arguments.path("model")).weights();
        Workers workers = Workers.share(2)) {
      for (int size : sizes) {
        List<int[]> prompts = prompts(size, arguments.count("prompt", 1), model);
        double best = Double.POSITIVE_INFINITY;
        for (int round = 0; round <= arguments.count("rounds", 1); round++) {
          double seconds = seconds(model, precision, prompts, tokens, workers);
          best = round == 0 ? best : Math.min(best, seconds);
        }
        System.out.printf(
            "%s, %d prompts: %.0f tokens/s, %.1f ms for a token of each%n",
            precision, size, size * tokens / best, 1e3 * best / tokens);
      }
    }
  }

  private static double seconds(
      CausalLanguageModel model,
      Precision precision,
      List<int[]> prompts,
      int tokens,
      Workers workers) {
    long start = System.nanoTime();
    try (CausalLanguageModel frozen = model.frozen(precision)) {
      new Generator(frozen, precision)
          .continued(prompts, new Sampling(tokens, 1, 1, Set.of(), SEED), workers);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static List<int[]> prompts(int count, int length, CausalLanguageModel model) {
    Random random = new Random(SEED);
    int vocabulary = model.config().vocabularySize();
    return IntStream.range(0, count)
        .mapToObj(_ -> random.ints(length, 0, vocabulary).toArray())
        .toList();
  }

  private static Map<String, String> defaults() {
    return Map.of(
        "batches", "8,16,32", "tokens", "64", "prompt", "32", "precision", "bf16", "rounds", "3");
  }
}
