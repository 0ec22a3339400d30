package dev.retort.model.decoder;

import dev.retort.model.ForwardMode;
import dev.retort.model.ModelException;
import dev.retort.model.Precision;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Continues texts token by token, several at once, with the keys and values of what is known.
///
/// @param model who continues them
/// @param precision number format of matrix products
public record Generator(CausalLanguageModel model, Precision precision) {

  /// Continues every prompt, each at least one token long.
  ///
  /// @throws ModelException if a prompt and its continuation may be longer than the model's
  ///   positions
  public List<Continuation> continued(List<int[]> prompts, Sampling sampling) {
    int capacity = capacity(prompts, sampling);
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      KeyValueCache cache =
          new KeyValueCache(model.config(), prompts.size(), capacity, precision.dtype());
      Texts texts = new Texts(prompts, sampling);
      NextToken next = new NextToken(sampling);
      texts.add(prefill(prompts, cache, next));
      for (int step = 1; step < sampling.maxTokens() && texts.goOn(); step++) {
        texts.add(advance(texts, cache, next, step));
      }
      return texts.continuations();
    }
  }

  private int capacity(List<int[]> prompts, Sampling sampling) {
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(0);
    int capacity = longest + sampling.maxTokens();
    if (capacity > model.config().positions()) {
      throw new ModelException(
          "a prompt of %d tokens and %d new ones are more than the model's %d positions; shorten one of the two"
              .formatted(longest, sampling.maxTokens(), model.config().positions()));
    }
    return capacity;
  }

  private int[] prefill(List<int[]> prompts, KeyValueCache cache, NextToken next) {
    long[] lengths = prompts.stream().mapToLong(prompt -> prompt.length).toArray();
    long[] ids = prompts.stream().flatMapToInt(Arrays::stream).asLongStream().toArray();
    TokenRows tokens = TokenRows.of(ids, lengths);
    int[] owners =
        IntStream.range(0, lengths.length)
            .flatMap(row -> IntStream.generate(() -> row).limit(lengths[row]))
            .toArray();
    try (Scope _ = Scope.open()) {
      CausalAttention attention =
          new RecordingAttention(
              new SequenceAttention(model.config(), lengths),
              cache,
              cache.rows(owners, tokens.positions()));
      Tensor hiddenND = forward(tokens, attention);
      Tensor lastB = Tensors.of(lastOfEach(lengths), lengths.length);
      return next.choose(model.head().logits(hiddenND.indexSelect(0, lastB)), 0);
    }
  }

  private static long[] lastOfEach(long[] lengths) {
    long[] last = new long[lengths.length];
    long end = 0;
    for (int row = 0; row < lengths.length; row++) {
      end += lengths[row];
      last[row] = end - 1;
    }
    return last;
  }

  private int[] advance(Texts texts, KeyValueCache cache, NextToken next, int step) {
    try (Scope _ = Scope.open()) {
      TokenRows tokens = texts.lastTokens();
      CausalAttention attention = new CachedAttention(model.config(), cache, tokens.positions());
      return next.choose(model.head().logits(forward(tokens, attention)), step);
    }
  }

  private Tensor forward(TokenRows tokens, CausalAttention attention) {
    return model.decoder().forward(tokens, attention, ForwardMode.evaluate(precision)).lastND();
  }

  /// What has been added to every prompt.
  private static final class Texts {

    private final long[] promptLengths;
    private final Sampling sampling;
    private final List<List<Integer>> added;
    private final boolean[] ended;
    private int steps;
    private int[] last = new int[0];

    Texts(List<int[]> prompts, Sampling sampling) {
      this.promptLengths = prompts.stream().mapToLong(prompt -> prompt.length).toArray();
      this.sampling = sampling;
      this.added = new ArrayList<>();
      prompts.forEach(_ -> added.add(new ArrayList<>()));
      this.ended = new boolean[prompts.size()];
    }

    /// Adds a token to every text that has not ended; the others go on unheard.
    void add(int[] tokens) {
      for (int row = 0; row < tokens.length; row++) {
        if (!ended[row]) {
          added.get(row).add(tokens[row]);
          ended[row] = sampling.stopIds().contains(tokens[row]);
        }
      }
      last = tokens;
      steps++;
    }

    boolean goOn() {
      return IntStream.range(0, ended.length).anyMatch(row -> !ended[row]);
    }

    TokenRows lastTokens() {
      long[] ids = Arrays.stream(last).asLongStream().toArray();
      return new TokenRows(
          ids, LongStream.of(promptLengths).map(length -> length + steps - 1).toArray());
    }

    List<Continuation> continuations() {
      return IntStream.range(0, ended.length)
          .mapToObj(row -> new Continuation(added.get(row), ended[row]))
          .toList();
    }
  }
}
