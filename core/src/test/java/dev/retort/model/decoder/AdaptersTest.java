package dev.retort.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.SequenceBatch;
import dev.retort.model.ForwardMode;
import dev.retort.model.Precision;
import dev.retort.tensor.DType;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptersTest {

  private static final Lora LORA = new Lora(4, 8, List.of());

  @ParameterizedTest
  @ValueSource(strings = {"llama", "llama-tied", "mistral", "qwen2", "qwen3", "gemma3", "gpt2"})
  void theyBeginWithoutAnEffectAndAreMergedExactly(String name) throws IOException {
    try (CausalLanguageModel base = GoldenDecoders.model(name);
        CausalLanguageModel adapted = base.adapted(LORA, Precision.FP32, 5);
        Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      float[] before = logits(base, ForwardMode.EVALUATE);
      assertThat(logits(adapted, ForwardMode.EVALUATE)).containsExactly(before);

      disturb(adapted);
      float[] after = logits(adapted, ForwardMode.EVALUATE);

      assertThat(after).isNotEqualTo(before);
      CausalLanguageModel merged = new CausalLanguageModel(base.config(), adapted.merged());
      assertThat(logits(merged, ForwardMode.EVALUATE)).containsExactly(after, within(1e-4f));
      assertThat(logits(base, ForwardMode.EVALUATE)).containsExactly(before);
    }
  }

  /// Of a model that is frozen in 16 bits, the frozen numbers are merged, so that the merged model
  /// is what was trained.
  @Test
  void whatIsMergedIsWhatWasTrained() throws IOException {
    try (CausalLanguageModel base = GoldenDecoders.model("llama-tied");
        CausalLanguageModel adapted = base.adapted(LORA, Precision.BF16, 5);
        Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      disturb(adapted);
      CausalLanguageModel merged = new CausalLanguageModel(base.config(), adapted.merged());

      assertThat(merged.parameters().all()).allMatch(tensor -> tensor.dtype() == DType.FLOAT32);
      assertThat(logits(merged, ForwardMode.EVALUATE))
          .containsExactly(logits(adapted, ForwardMode.EVALUATE), within(1e-4f));
      assertThat(adapted.parameters().all()).allMatch(tensor -> tensor.dtype() == DType.FLOAT32);
      assertThat(logits(adapted, ForwardMode.evaluate(Precision.BF16)))
          .containsExactly(logits(adapted, ForwardMode.EVALUATE), within(2f));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "llama-tied", "gpt2"})
  void onlyTheyAreTrained(String name) throws IOException {
    try (CausalLanguageModel base = GoldenDecoders.model(name);
        CausalLanguageModel adapted = base.adapted(LORA, Precision.FP32, 5);
        Scope _ = Scope.open()) {
      disturb(adapted);
      SequenceBatch batch = batch(name);
      adapted
          .head()
          .logits(adapted.forward(batch, ForwardMode.EVALUATE).pooledND())
          .square()
          .sum()
          .backward();

      assertThat(adapted.parameters().byName().keySet()).allMatch(n -> n.contains(".lora_"));
      assertThat(adapted.parameters().all()).allMatch(Tensor::hasGrad);
      assertThat(adapted.head().gathered()).isEmpty();
      assertThat(adapted.merged().all()).noneMatch(Tensor::hasGrad);
      assertThat(base.parameters().all()).noneMatch(Tensor::hasGrad);
      assertThat(adapted.tables()).isEmpty();
    }
  }

  @Test
  void someMatricesCanBeLeftAlone() throws IOException {
    Lora lora = new Lora(2, 8, List.of(Projection.QUERY, Projection.DOWN));
    try (CausalLanguageModel base = GoldenDecoders.model("qwen3");
        CausalLanguageModel adapted = base.adapted(lora, Precision.FP32, 5)) {
      assertThat(adapted.parameters().byName().sequencedKeySet().stream().limit(4))
          .containsExactly(
              "layers.0.self_attn.q_proj.lora_A.weight",
              "layers.0.self_attn.q_proj.lora_B.weight",
              "layers.0.mlp.down_proj.lora_A.weight",
              "layers.0.mlp.down_proj.lora_B.weight");
      // Queries 32 → 64, the feed-forward part 48 → 32; three layers.
      assertThat(adapted.parameters().count()).isEqualTo(3 * 2 * (32 + 64 + 48 + 32));
      assertThat(lora.parameters(base.config())).isEqualTo(adapted.parameters().count());
      assertThat(adapted.weights()).isEqualTo(base.parameters().count());
      assertThat(lora.highestRank(base.config())).isEqualTo(32);
    }
  }

  @Test
  void theSameSeedGivesTheSameOnes() throws IOException {
    try (CausalLanguageModel base = GoldenDecoders.model("llama");
        CausalLanguageModel one = base.adapted(LORA, Precision.FP32, 5);
        CausalLanguageModel same = base.adapted(LORA, Precision.FP32, 5);
        CausalLanguageModel other = base.adapted(LORA, Precision.FP32, 6)) {
      String name = "layers.1.mlp.up_proj.lora_A.weight";
      float[] drawn = one.parameters().get(name).toFloats();
      assertThat(same.parameters().get(name).toFloats()).containsExactly(drawn);
      assertThat(other.parameters().get(name).toFloats()).isNotEqualTo(drawn);
      assertThat(drawn).isNotEqualTo(new float[drawn.length]);
    }
  }

  /// A twin shares what is trained, a copy does not; each outlives the model that it was made of.
  @Test
  void twinsAndCopiesStandOnTheirOwn() throws IOException {
    try (CausalLanguageModel base = GoldenDecoders.model("llama-tied")) {
      CausalLanguageModel adapted = base.adapted(LORA, Precision.FP32, 5);
      CausalLanguageModel copy = adapted.copy();
      CausalLanguageModel twin = adapted.twin();
      disturb(adapted);
      float[] changed;
      float[] before;
      try (Scope _ = Scope.open();
          NoGrad _ = NoGrad.open()) {
        changed = logits(adapted, ForwardMode.EVALUATE);
        before = logits(base, ForwardMode.EVALUATE);
      }
      adapted.close();
      try (copy;
          twin;
          Scope _ = Scope.open();
          NoGrad _ = NoGrad.open()) {
        assertThat(logits(twin, ForwardMode.EVALUATE)).containsExactly(changed);
        assertThat(logits(copy, ForwardMode.EVALUATE)).containsExactly(before);
      }
    }
  }

  @Test
  void anAdaptedModelGeneratesAsItsMergedOne() throws IOException {
    Sampling greedy = Sampling.greedy(6, Set.of());
    List<int[]> prompts = List.of(new int[] {5, 9, 11}, new int[] {7});
    try (CausalLanguageModel base = GoldenDecoders.model("qwen2");
        CausalLanguageModel adapted = base.adapted(LORA, Precision.FP32, 5);
        Scope _ = Scope.open()) {
      disturb(adapted);
      CausalLanguageModel merged = new CausalLanguageModel(base.config(), adapted.merged());

      List<Continuation> written =
          new Generator(adapted, Precision.FP32).continued(prompts, greedy);

      assertThat(written)
          .isEqualTo(new Generator(merged, Precision.FP32).continued(prompts, greedy));
      assertThat(written)
          .isNotEqualTo(new Generator(base, Precision.FP32).continued(prompts, greedy));
    }
  }

  /// Lets every adapter have an effect.
  private static void disturb(CausalLanguageModel model) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Seed.set(3);
      model
          .parameters()
          .all()
          .forEach(tensor -> tensor.detach().setInPlace(Tensors.normal(0, 0.1, tensor.shape())));
    }
  }

  private static SequenceBatch batch(String name) throws IOException {
    try (SafetensorsFile expected = GoldenDecoders.expected(name)) {
      return GoldenDecoders.batch(GoldenDecoders.sequences(expected), new int[] {0, 1, 2});
    }
  }

  private static float[] logits(CausalLanguageModel model, ForwardMode mode) throws IOException {
    return model.head().logits(model.forward(batch("llama"), mode).pooledND()).toFloats();
  }
}
