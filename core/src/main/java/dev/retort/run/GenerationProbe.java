package dev.retort.run;

import dev.retort.eval.Bootstrap;
import dev.retort.eval.ChildJvm;
import dev.retort.eval.Latency;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.Generator;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.model.decoder.Sampling;
import dev.retort.tensor.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/// Measures how fast a language model in Hugging Face layout writes, in a process that holds
/// nothing else: through libtorch, in 32 bits, on one thread, from tokens to tokens.
///
/// The parent starts this class's `main` as a [ChildJvm].
public final class GenerationProbe {

  /// First tokens that are timed at most.
  private static final int FIRST_TOKENS = 200;

  /// Prompts that are continued before the first that counts.
  private static final int WARM_UP = 8;

  /// Tokens that are written before the first text that counts, in each way of writing.
  private static final int WARM_UP_TOKENS = 8;

  /// Requests of each way of writing that are timed at least, however slow they are.
  private static final int FEWEST = 3;

  /// Time after which no further first token is asked for.
  private static final long FIRST_TOKEN_NANOS = 20_000_000_000L;

  /// Time after which no further text is written, of each way of writing.
  private static final long WRITING_NANOS = 5_000_000_000L;

  private static final long SEED = 7;

  private GenerationProbe() {}

  /// What is to be measured.
  ///
  /// @param folder the model
  /// @param prompts what it continues, as tokens
  /// @param tokens that it adds to each; nothing ends a text earlier
  /// @param batch prompts that are continued at once
  /// @param temperature of drawn tokens
  /// @param topP share of the probability that they are drawn from
  public record Order(
      String folder,
      List<List<Integer>> prompts,
      int tokens,
      int batch,
      double temperature,
      double topP) {

    public Order {
      prompts = prompts.stream().map(List::copyOf).toList();
    }
  }

  /// Requests of one kind.
  ///
  /// @param nanos how long each of them took
  /// @param tokens that each of them yielded
  public record Requests(List<Long> nanos, int tokens) {

    public Requests {
      nanos = List.copyOf(nanos);
    }

    private Latency latency(Bootstrap bootstrap) {
      return Latency.ofNanos(
          nanos.stream().mapToLong(Long::longValue).toArray(), tokens, bootstrap);
    }
  }

  /// Whole texts, written in two ways.
  ///
  /// @param greedy the likeliest token each time
  /// @param sampled tokens drawn
  public record Texts(Requests greedy, Requests sampled) {}

  /// What was measured.
  ///
  /// @param first prompts of which only the first token was asked for
  /// @param single texts written one at a time
  /// @param batched several texts written at once
  /// @param peakKilobytes resident memory at its peak while texts were written one at a time
  public record Result(Requests first, Texts single, Texts batched, OptionalLong peakKilobytes) {

    /// The numbers under their metrics. Tokens per second are those of whole requests: reading the
    /// prompt is part of them.
    Map<Metric, Measured> measurements(Bootstrap bootstrap) {
      Map<Metric, Measured> measurements = new EnumMap<>(Metric.class);
      Latency latency = first.latency(bootstrap);
      measurements.put(Metric.FIRST_TOKEN_MS, latency.p50());
      measurements.put(Metric.P95_FIRST_TOKEN_MS, latency.p95());
      Map.of(
              Metric.TOKENS_PER_SECOND,
              single.greedy(),
              Metric.SAMPLED_TOKENS_PER_SECOND,
              single.sampled(),
              Metric.BATCH_TOKENS_PER_SECOND,
              batched.greedy(),
              Metric.BATCH_SAMPLED_TOKENS_PER_SECOND,
              batched.sampled())
          .forEach((metric, requests) ->
              measurements.put(metric, requests.latency(bootstrap).throughput()));
      peakKilobytes.ifPresent(
          peak -> measurements.put(Metric.RSS_MB, Measured.exactly(peak * 1024 / 1e6)));
      return measurements;
    }
  }

  /// Runs `order` in a JVM of its own.
  ///
  /// @throws IOException if the process fails; the message holds what it said
  static Result measure(Order order) throws IOException {
    return ChildJvm.measure(GenerationProbe.class, order.folder(), order, Result.class);
  }

  /// Entry point of the child process: `ORDER_FILE RESULT_FILE`.
  public static void main(String[] args) throws IOException {
    Order order = ChildJvm.order(args, Order.class);
    try (CausalLanguageModel model = PretrainedDecoder.read(Path.of(order.folder())).weights();
        Workers workers = Workers.oneForEachCore()) {
      Asking asking = new Asking(new Generator(model, Precision.FP32), order);
      Requests first = workers.call(asking::firstTokens);
      Texts single = workers.call(() -> asking.texts(1));
      OptionalLong peak = ChildJvm.peakKilobytes();
      Texts batched = workers.call(() -> asking.texts(order.batch()));
      ChildJvm.answer(args, new Result(first, single, batched, peak));
    }
  }

  /// Asks for continuations, one request after the other.
  private record Asking(Generator generator, Order order) {

    Requests firstTokens() {
      Sampling one = sampling(1, 0);
      requests(one, 1, WARM_UP, FIRST_TOKEN_NANOS);
      return requests(one, 1, FIRST_TOKENS, FIRST_TOKEN_NANOS);
    }

    Texts texts(int batch) {
      return new Texts(texts(batch, 0), texts(batch, order.temperature()));
    }

    private Requests texts(int batch, double temperature) {
      requests(sampling(WARM_UP_TOKENS, temperature), batch, 1, 0);
      int most = Math.ceilDiv(order.prompts().size(), batch);
      return requests(sampling(order.tokens(), temperature), batch, most, WRITING_NANOS);
    }

    /// Nothing ends a text, so that all are of one length.
    private Sampling sampling(int tokens, double temperature) {
      return new Sampling(
          Math.min(tokens, order.tokens()), temperature, order.topP(), Set.of(), SEED);
    }

    /// Times requests of `batch` prompts each until `most` are answered or `enough` time has
    /// passed, but at least [#FEWEST].
    private Requests requests(Sampling sampling, int batch, int most, long enough) {
      List<Long> nanos = new ArrayList<>();
      long begin = System.nanoTime();
      while (nanos.size() < FEWEST || (nanos.size() < most && System.nanoTime() - begin < enough)) {
        List<int[]> some = some(nanos.size() * batch, batch);
        long start = System.nanoTime();
        generator.continued(some, sampling);
        nanos.add(System.nanoTime() - start);
      }
      return new Requests(nanos, batch * sampling.maxTokens());
    }

    private List<int[]> some(int first, int count) {
      return IntStream.range(first, first + count)
          .mapToObj(i -> order.prompts().get(i % order.prompts().size()))
          .map(prompt -> prompt.stream().mapToInt(Integer::intValue).toArray())
          .toList();
    }
  }
}
