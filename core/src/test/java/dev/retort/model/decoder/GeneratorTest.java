package dev.retort.model.decoder;

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
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
        int[] next = new NextToken(sampling).choose(logitsBV, step);
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
      int[] drawn = new NextToken(new Sampling(1, 2, 1, Set.of(), 5)).choose(Tensors.of(all), 0);
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
            new NextToken(new Sampling(1, 1, topP, Set.of(), 5)).choose(Tensors.of(logits), 0))
        .boxed()
        .collect(Collectors.toSet());
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

  private static List<int[]> prompts(SafetensorsFile expected) {
    return GoldenDecoders.sequences(expected).stream()
        .map(ids -> LongStream.of(ids).mapToInt(Math::toIntExact).toArray())
        .toList();
  }
}
