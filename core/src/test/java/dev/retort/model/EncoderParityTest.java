package dev.retort.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.tensor.Functions;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tiny random checkpoints saved by transformers, with what it computes from them: hidden states,
/// attention maps and logits must agree within 1e-5. `docs/benchmarks.md` says how to remake them.
class EncoderParityTest {

  private static final float TOLERANCE = 1e-5f;

  @TempDir Path temporary;

  @Test
  void logitsComeInTheOrderOfLabelsThatTheDataHave() throws IOException {
    Pretrained bert = ModelFolder.read(folder("bert"));
    List<String> order = List.of("positive", "negative", "neutral");
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open();
        SafetensorsFile expected =
            SafetensorsFile.open(bert.folder().resolve("expected.safetensors"));
        TextClassifier model = ModelWeights.classifier(bert, order)) {
      float[] logits = model.forward(batch(expected), ForwardMode.EVALUATE).logitsNV().toFloats();

      float[] own = floats(expected, "logits");
      for (int row = 0; row < own.length; row += 3) {
        float[] permuted = {own[row + 2], own[row], own[row + 1]};
        assertThat(Arrays.copyOfRange(logits, row, row + 3))
            .containsExactly(permuted, within(TOLERANCE));
      }
      assertThat(model.labels()).isEqualTo(order);
    }
    assertThatThrownBy(() -> ModelWeights.classifier(bert, List.of("positive", "negative")))
        .hasMessage(
            "the model's labels are [negative, neutral, positive], not [positive, negative] in any order");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "roberta", "xlm-roberta"})
  void classifiersComputeWhatTransformersComputes(String family) throws IOException {
    Path folder = folder(family);
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open();
        SafetensorsFile expected = SafetensorsFile.open(folder.resolve("expected.safetensors"));
        TextClassifier model = ModelWeights.classifier(ModelFolder.read(folder))) {
      NetworkOutput output = model.forward(batch(expected), ForwardMode.EVALUATE.capturing());

      compareFeatures(output.encoder().orElseThrow(), expected);
      assertThat(output.logitsNV().toFloats())
          .containsExactly(floats(expected, "logits"), within(TOLERANCE));
      NetworkOutput fused = model.forward(batch(expected), ForwardMode.EVALUATE);
      assertThat(fused.logitsNV().toFloats())
          .containsExactly(floats(expected, "logits"), within(TOLERANCE));
      assertThat(fused.encoder().orElseThrow().hiddenBTD()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"minilm", "bge"})
  void poolingTravelsWithTheModel(String name) throws IOException {
    Path folder = folder(name);
    writePooling(folder, name.equals("bge") ? "cls" : "mean");
    Pretrained pretrained = ModelFolder.read(folder);
    assertThat(pretrained.head()).isEmpty();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open();
        SafetensorsFile expected = SafetensorsFile.open(folder.resolve("expected.safetensors"));
        TextClassifier model = ModelWeights.withNewHead(pretrained, List.of("a", "b"), 1)) {
      NetworkOutput output = model.forward(batch(expected), ForwardMode.EVALUATE.capturing());

      compareFeatures(output.encoder().orElseThrow(), expected);
      assertThat(output.pooledND().toFloats())
          .containsExactly(floats(expected, "pooled"), within(TOLERANCE));
    }
  }

  @Test
  void gradientsAreThoseOfTransformers() throws IOException {
    Path folder = folder("bert");
    try (Scope _ = Scope.open();
        SafetensorsFile inputs = SafetensorsFile.open(folder.resolve("expected.safetensors"));
        SafetensorsFile expected =
            SafetensorsFile.open(Path.of("src/test/resources/parity/gradients.safetensors"));
        TextClassifier model = ModelWeights.classifier(ModelFolder.read(folder))) {
      Tensor logProbs =
          Functions.logSoftmax(model.forward(batch(inputs), ForwardMode.EVALUATE).logitsNV(), -1);
      Tensor loss =
          logProbs.gather(1, Tensors.of(expected.get("labels")).unsqueeze(1)).sum().times(-1);
      loss.backward();

      assertThat(loss.item()).isCloseTo(floats(expected, "loss")[0], within(1e-4));
      compareGradient(model, expected, "embeddings.word_embeddings.weight", "bert.");
      compareGradient(model, expected, "encoder.layer.0.attention.self.query.weight", "bert.");
      compareGradient(model, expected, "encoder.layer.2.output.LayerNorm.bias", "bert.");
      assertThat(model.parameters().get("head.output.weight").grad().toFloats())
          .containsExactly(floats(expected, "classifier.weight"), within(1e-4f));
    }
  }

  @Test
  void halfPrecisionStaysClose() throws IOException {
    Path folder = folder("bert");
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open();
        SafetensorsFile expected = SafetensorsFile.open(folder.resolve("expected.safetensors"));
        TextClassifier model = ModelWeights.classifier(ModelFolder.read(folder))) {
      float[] logits =
          model
              .forward(batch(expected), ForwardMode.evaluate(Precision.BF16))
              .logitsNV()
              .toFloats();

      assertThat(logits).containsExactly(floats(expected, "logits"), within(0.1f));
    }
  }

  private static void compareGradient(
      TextClassifier model, SafetensorsFile expected, String name, String prefix) {
    assertThat(model.parameters().get(name).grad().toFloats())
        .as(name)
        .containsExactly(floats(expected, prefix + name), within(1e-4f));
  }

  /// Padded positions are left out: what a family computes there means nothing.
  private static void compareFeatures(EncoderOutput output, SafetensorsFile expected) {
    Tensor mask = Tensors.of(expected.get("attention_mask")).to(dev.retort.tensor.DType.FLOAT32);
    Tensor maskBT1 = mask.unsqueeze(-1);
    for (int i = 0; i < output.hiddenBTD().size(); i++) {
      Tensor golden = Tensors.of(expected.get("hidden_" + i));
      assertThat(output.hiddenBTD().get(i).times(maskBT1).toFloats())
          .as("hidden state %d", i)
          .containsExactly(golden.times(maskBT1).toFloats(), within(TOLERANCE));
    }
    for (int i = 0; i < output.scoresBHTT().size(); i++) {
      Tensor maskB1T1 = maskBT1.unsqueeze(1);
      Tensor golden = Tensors.of(expected.get("attention_" + i));
      assertThat(Functions.softmax(output.scoresBHTT().get(i), -1).times(maskB1T1).toFloats())
          .as("attention map %d", i)
          .containsExactly(golden.times(maskB1T1).toFloats(), within(TOLERANCE));
    }
    assertThat(expected.names()).doesNotContain("hidden_" + output.hiddenBTD().size());
  }

  private static TokenBatch batch(SafetensorsFile expected) {
    Tensor ids = Tensors.of(expected.get("input_ids"));
    Optional<RawTensor> types =
        Optional.of("token_type_ids").filter(expected.names()::contains).map(expected::get);
    return new TokenBatch(
        ids,
        types.map(Tensors::of).orElseGet(() -> Tensors.zerosLike(ids)),
        Tensors.of(expected.get("attention_mask")));
  }

  private static float[] floats(SafetensorsFile file, String name) {
    return Tensors.of(file.get(name)).toFloats();
  }

  /// A copy of a checkpoint with a tokenizer beside it, as a real folder has.
  private Path folder(String name) throws IOException {
    Path source = Path.of("src/test/resources/parity");
    Path folder = Files.createDirectories(temporary.resolve(name));
    try (Stream<Path> files = Files.list(source.resolve(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.copy(
        source.resolve("tokenizer/tokenizer.json"),
        folder.resolve("tokenizer.json"),
        StandardCopyOption.REPLACE_EXISTING);
    return folder;
  }

  private static void writePooling(Path folder, String kind) throws IOException {
    Files.createDirectories(folder.resolve("1_Pooling"));
    Files.writeString(
        folder.resolve("1_Pooling/config.json"),
        """
        {"word_embedding_dimension": 32,
         "pooling_mode_cls_token": %s, "pooling_mode_mean_tokens": %s}
        """
            .formatted(kind.equals("cls"), kind.equals("mean")));
  }
}
