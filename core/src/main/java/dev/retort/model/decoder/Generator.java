package dev.retort.model.decoder;

import dev.retort.model.ForwardMode;
import dev.retort.model.ModelException;
import dev.retort.model.Precision;
import dev.retort.model.decoder.LiveTexts.Text;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import dev.retort.tensor.Workers;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Continues texts token by token, several at once, with the keys and values of what is known.
///
/// What is drawn depends on the seed, on the number of a text among all, and on the text: not on
/// how many threads there are, nor on which other texts are continued along with it.
///
/// @param model who continues them; the same weights are read for every token, so that
///   [CausalLanguageModel#frozen] ones are faster
/// @param precision number format of matrix products
public record Generator(CausalLanguageModel model, Precision precision) {

  /// Groups of texts that are continued side by side. On purpose not the number of cores, on which
  /// a run's result should not depend.
  private static final int GROUPS = 2;

  /// Tokens of one group that there is memory for: in a model of 30 layers and 3 key-value heads of
  /// width 64, 23 kB each.
  private static final int GROUP_TOKENS = 16_384;

  /// Continues every prompt, each at least one token long, on this thread.
  ///
  /// @throws ModelException if a prompt and its continuation may be longer than the model's
  ///   positions
  public List<Continuation> continued(List<int[]> prompts, Sampling sampling) {
    List<Text> texts = texts(prompts, sampling);
    groups(texts, sampling, 1).forEach(group -> decode(group, sampling));
    return continuations(texts, sampling);
  }

  /// Continues every prompt, each at least one token long, on several threads.
  ///
  /// @throws ModelException if a prompt and its continuation may be longer than the model's
  ///   positions
  public List<Continuation> continued(List<int[]> prompts, Sampling sampling, Workers workers) {
    List<Text> texts = texts(prompts, sampling);
    workers.forEach(groups(texts, sampling, GROUPS), group -> decode(group, sampling));
    return continuations(texts, sampling);
  }

  private List<Text> texts(List<int[]> prompts, Sampling sampling) {
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(0);
    if (longest + sampling.maxTokens() > model.config().positions()) {
      throw new ModelException(
          "a prompt of %d tokens and %d new ones are more than the model's %d positions; shorten one of the two"
              .formatted(longest, sampling.maxTokens(), model.config().positions()));
    }
    return IntStream.range(0, prompts.size())
        .mapToObj(number -> new Text(number, prompts.get(number)))
        .toList();
  }

  private static List<Continuation> continuations(List<Text> texts, Sampling sampling) {
    return texts.stream().map(text -> text.continuation(sampling.stopIds())).toList();
  }

  /// The texts dealt out, the longest first, so that all groups have about as much to do and
  /// neighbours are alike.
  private static List<List<Text>> groups(List<Text> texts, Sampling sampling, int atLeast) {
    List<Text> sorted =
        texts.stream().sorted(Comparator.comparingInt(text -> -text.length())).toList();
    long room = sorted.isEmpty() ? 0 : sorted.getFirst().length() + sampling.maxTokens();
    long needed = Math.ceilDiv(room * sorted.size(), GROUP_TOKENS);
    int count = (int) Math.min(sorted.size(), Math.max(atLeast, needed));
    return IntStream.range(0, count)
        .mapToObj(group ->
            IntStream.iterate(group, i -> i < sorted.size(), i -> i + count)
                .mapToObj(sorted::get)
                .toList())
        .toList();
  }

  private void decode(List<Text> texts, Sampling sampling) {
    int capacity = texts.getFirst().length() + sampling.maxTokens();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      KeyValueCache cache =
          new KeyValueCache(model.config(), texts.size(), capacity, precision.dtype());
      LiveTexts live = new LiveTexts(texts, cache);
      NextToken next = new NextToken(sampling);
      for (int step = 0; step < sampling.maxTokens() && !live.isEmpty(); step++) {
        try (Scope _ = Scope.open()) {
          Tensor hiddenBD = step == 0 ? prefill(texts, cache) : advance(live, cache);
          Tensor logitsBV = model.head().logits(hiddenBD.to(precision.dtype()));
          live.add(next.choose(logitsBV, live.numbers(), step), sampling.stopIds());
        }
      }
    }
  }

  /// The states behind the last token of every prompt, all of whose keys and values are kept.
  private Tensor prefill(List<Text> texts, KeyValueCache cache) {
    long[] lengths = texts.stream().mapToLong(Text::length).toArray();
    long[] ids =
        texts.stream().map(Text::prompt).flatMapToInt(Arrays::stream).asLongStream().toArray();
    TokenRows tokens = TokenRows.of(ids, lengths);
    int[] owners =
        IntStream.range(0, lengths.length)
            .flatMap(row -> IntStream.generate(() -> row).limit(lengths[row]))
            .toArray();
    CausalAttention attention =
        new RecordingAttention(
            new SequenceAttention(model.config(), lengths),
            cache,
            cache.rows(owners, tokens.positions()));
    return forward(tokens, attention)
        .indexSelect(0, Tensors.of(lastOfEach(lengths), lengths.length));
  }

  private static long[] lastOfEach(long[] lengths) {
    long[] last = lengths.clone();
    Arrays.parallelPrefix(last, Long::sum);
    return Arrays.stream(last).map(end -> end - 1).toArray();
  }

  /// The states behind the last token of every text.
  private Tensor advance(LiveTexts live, KeyValueCache cache) {
    TokenRows tokens = live.lastTokens();
    return forward(tokens, new CachedAttention(model.config(), cache, tokens.positions()));
  }

  private Tensor forward(TokenRows tokens, CausalAttention attention) {
    return model.decoder().forward(tokens, attention, ForwardMode.evaluate(precision)).lastND();
  }
}
