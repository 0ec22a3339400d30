package dev.retort.model.decoder;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.model.ForwardMode;
import dev.retort.model.ModelException;
import dev.retort.model.Precision;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import dev.retort.tensor.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {

  private static final int TOKENS = 10;

  @ParameterizedTest
  @ValueSource(strings = {"llama", "llama-tied", "mistral", "qwen2", "qwen3", "gemma3", "gpt2"})
  void greedyTextsAreThoseOfTransformers(String name) throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model(name);
        SafetensorsFile expected = GoldenDecoders.expected(name)) {
      List<int[]> prompts = prompts(expected);

      List<Continuation> texts =
          new Generator(model, Precision.FP32)
              .continued(prompts, Sampling.greedy(TOKENS, Set.of()));

      for (int i = 0; i < texts.size(); i++) {
        long[] golden = GoldenDecoders.longs(expected, "generated." + i);
        assertThat(texts.get(i).ids())
            .containsExactlyElementsOf(LongStream.of(golden).mapToObj(Math::toIntExact).toList());
        assertThat(texts.get(i).ended()).isFalse();
      }
    }
  }

  /// The fast path against its plain twin: every step computes the whole text again.
  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma3", "gpt2"})
  void theCacheChangesNothing(String name) throws IOException {
    Sampling sampling = new Sampling(TOKENS, 1.3, 0.8, Set.of(), 11);
    try (CausalLanguageModel model = GoldenDecoders.model(name);
        SafetensorsFile expected = GoldenDecoders.expected(name)) {
      List<int[]> prompts = prompts(expected);

      List<Continuation> cached = new Generator(model, Precision.FP32).continued(prompts, sampling);

      assertThat(cached).isEqualTo(plain(model, prompts, sampling));
    }
  }

  /// Texts that end leave their places to others, and the rest is dealt out to several threads:
  /// what each of them says is what it says without all that.
  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma3", "gpt2"})
  void aTextSaysTheSameWhicheverOthersThereAre(String name) throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model(name);
        SafetensorsFile expected = GoldenDecoders.expected(name);
        Workers workers = Workers.share(2)) {
      List<int[]> prompts =
          Collections.nCopies(5, prompts(expected)).stream().flatMap(List::stream).toList();
      Set<Integer> stops =
          IntStream.range(0, 90).filter(id -> id % 13 == 0).boxed().collect(toSet());
      Sampling sampling = new Sampling(TOKENS, 1.5, 1, stops, 3);
      Generator generator = new Generator(model, Precision.FP32);

      List<Continuation> together = generator.continued(prompts, sampling);

      assertThat(together).isEqualTo(ended(plain(model, prompts, sampling), stops));
      assertThat(generator.continued(prompts, sampling, workers)).isEqualTo(together);
      assertThat(together).extracting(Continuation::ended).contains(true, false);
      assertThat(together.stream().map(text -> text.ids().size()).distinct()).hasSizeGreaterThan(3);
      assertThat(generator.continued(List.of(), sampling, workers)).isEmpty();
    }
  }

  /// Each text up to the first token that stops it.
  private static List<Continuation> ended(List<Continuation> texts, Set<Integer> stops) {
    return texts.stream()
        .map(text -> {
          List<Integer> ids = text.ids();
          int last = 0;
          while (last < ids.size() - 1 && !stops.contains(ids.get(last))) {
            last++;
          }
          return new Continuation(ids.subList(0, last + 1), stops.contains(ids.get(last)));
        })
        .toList();
  }

  private static List<Continuation> plain(
      CausalLanguageModel model, List<int[]> prompts, Sampling sampling) {
    List<int[]> texts = new ArrayList<>(prompts);
    for (int step = 0; step < sampling.maxTokens(); step++) {
      try (Scope _ = Scope.open()) {
        List<Tensor> last = new ArrayList<>();
        for (int[] text : texts) {
          long[] ids = Arrays.stream(text).asLongStream().toArray();
          Tensor hiddenND =
              model.hidden(GoldenDecoders.batch(List.of(ids), new int[] {0}), ForwardMode.EVALUATE);
          last.add(hiddenND.narrow(0, text.length - 1, 1));
        }
        Tensor logitsBV = model.head().logits(Tensors.concatenate(last, 0)).detach();
        int[] next = new NextToken(sampling).choose(logitsBV, upTo(prompts.size()), step);
        for (int row = 0; row < next.length; row++) {
          int[] longer = Arrays.copyOf(texts.get(row), texts.get(row).length + 1);
          longer[longer.length - 1] = next[row];
          texts.set(row, longer);
        }
      }
    }
    List<Continuation> continuations = new ArrayList<>();
    for (int row = 0; row < prompts.size(); row++) {
      int[] added =
          Arrays.copyOfRange(texts.get(row), prompts.get(row).length, texts.get(row).length);
      continuations.add(new Continuation(Arrays.stream(added).boxed().toList(), false));
    }
    return continuations;
  }

  @Test
  void aTextEndsWithATokenThatStopsIt() throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model("gpt2");
        SafetensorsFile expected = GoldenDecoders.expected("gpt2")) {
      List<int[]> prompts = prompts(expected);
      Generator generator = new Generator(model, Precision.FP32);
      List<Integer> free =
          generator.continued(prompts, Sampling.greedy(TOKENS, Set.of())).getFirst().ids();
      int stop = free.get(3);

      Continuation text =
          generator.continued(prompts, Sampling.greedy(TOKENS, Set.of(stop))).getFirst();

      assertThat(text.ended()).isTrue();
      assertThat(text.ids()).isEqualTo(free.subList(0, free.indexOf(stop) + 1));
    }
  }

  @Test
  void tokensAreDrawnAsOftenAsTheyAreLikely() {
    int rows = 4000;
    float[] logits = {2, 1, 0, -1};
    float[][] all = new float[rows][];
    Arrays.fill(all, logits);
    try (Scope _ = Scope.open()) {
      int[] drawn =
          new NextToken(new Sampling(1, 2, 1, Set.of(), 5)).choose(Tensors.of(all), upTo(rows), 0);
      double total = Arrays.stream(new double[] {2, 1, 0, -1}).map(z -> Math.exp(z / 2)).sum();
      for (int token = 0; token < logits.length; token++) {
        int wanted = token;
        double share = Arrays.stream(drawn).filter(id -> id == wanted).count() / (double) rows;
        assertThat(share).isCloseTo(Math.exp(logits[token] / 2) / total, within(0.03));
      }
      // At temperature 1 the first has 0.64 and the second 0.24.
      assertThat(distinct(0.6, all)).containsExactly(0);
      assertThat(distinct(0.7, all)).containsExactlyInAnyOrder(0, 1);
    }
  }

  private static Set<Integer> distinct(double topP, float[][] logits) {
    return Arrays.stream(
            new NextToken(new Sampling(1, 1, topP, Set.of(), 5))
                .choose(Tensors.of(logits), upTo(logits.length), 0))
        .boxed()
        .collect(toSet());
  }

  @Test
  void aTextThatIsTooLongIsRefused() throws IOException {
    try (CausalLanguageModel model = GoldenDecoders.model("llama")) {
      Generator generator = new Generator(model, Precision.FP32);

      assertThatThrownBy(
              () -> generator.continued(List.of(new int[60]), Sampling.greedy(5, Set.of())))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("a prompt of 60 tokens and 5 new ones")
          .hasMessageContaining("64 positions");
    }
  }

  private static int[] upTo(int count) {
    return IntStream.range(0, count).toArray();
  }

  private static List<int[]> prompts(SafetensorsFile expected) {
    return GoldenDecoders.sequences(expected).stream()
        .map(ids -> LongStream.of(ids).mapToInt(Math::toIntExact).toArray())
        .toList();
  }
}
