package dev.retort.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.MaskedBatch;
import dev.retort.data.TextBatch;
import dev.retort.tensor.Functions;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tiny random checkpoints saved by transformers, with what it computes from them; see
/// [EncoderParityTest].
class MaskedLanguageModelTest {

  private static final Path RESOURCES = Path.of("src/test/resources/parity");

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "roberta"})
  void computesWhatTransformersComputes(String family) throws IOException {
    Path folder = folder(family);
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open();
        SafetensorsFile expected = SafetensorsFile.open(folder.resolve("expected.safetensors"));
        MaskedLanguageModel model = read(folder)) {
      TextBatch text = text(expected);
      long[] places =
          LongStream.range(0, text.mask().length).filter(i -> text.mask()[(int) i] == 1).toArray();
      MaskedBatch batch = new MaskedBatch(text, places, new int[places.length]);

      NetworkOutput output = model.forward(batch, ForwardMode.EVALUATE);

      assertThat(output.logitsNV().shape()).containsExactly(22, 120);
      assertThat(output.logitsNV().toFloats())
          .containsExactly(rows(expected, places), within(1e-5f));
    }
  }

  @Test
  void computesTheRowsThatAreAskedForOnly() throws IOException {
    Path folder = folder("bert");
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open();
        SafetensorsFile expected = SafetensorsFile.open(folder.resolve("expected.safetensors"));
        MaskedLanguageModel model = read(folder)) {
      long[] places = {24, 3, 3};
      MaskedBatch some = new MaskedBatch(text(expected), places, new int[3]);
      MaskedBatch none = new MaskedBatch(text(expected), new long[0], new int[0]);

      assertThat(model.forward(some, ForwardMode.EVALUATE).logitsNV().toFloats())
          .containsExactly(rows(expected, places), within(1e-5f));
      assertThat(model.forward(none, ForwardMode.EVALUATE).logitsNV().shape())
          .containsExactly(0, 120);
    }
  }

  @Test
  void halfPrecisionStaysClose() throws IOException {
    Path folder = folder("bert");
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open();
        SafetensorsFile expected = SafetensorsFile.open(folder.resolve("expected.safetensors"));
        MaskedLanguageModel model = read(folder)) {
      long[] places = {0, 5};
      MaskedBatch batch = new MaskedBatch(text(expected), places, new int[2]);

      assertThat(model.forward(batch, ForwardMode.evaluate(Precision.BF16)).logitsNV().toFloats())
          .containsExactly(rows(expected, places), within(0.15f));
    }
  }

  /// The tied matrix hears from the logits and from the tokens that were read. Moving one element
  /// of it by hand must change the loss as the gradient says.
  @Test
  void wordEmbeddingsLearnFromBothTheirUses() throws IOException {
    Path folder = folder("bert");
    try (Scope _ = Scope.open();
        SafetensorsFile expected = SafetensorsFile.open(folder.resolve("expected.safetensors"));
        MaskedLanguageModel model = read(folder)) {
      TextBatch text = text(expected);
      int read = (int) text.ids()[1];
      MaskedBatch batch = new MaskedBatch(text, new long[] {1, 2}, new int[] {read, 7});
      loss(model, batch).backward();
      Tensor words = model.parameters().get(EncoderNames.WORD);
      float[] gradientVD = words.grad().toFloats();

      for (int element : new int[] {read * 32 + 3, 7 * 32 + 4, 119 * 32}) {
        double up = lossAfterMoving(model, batch, element, 1e-2f);
        double down = lossAfterMoving(model, batch, element, -1e-2f);
        assertThat((up - down) / 2e-2).isCloseTo(gradientVD[element], within(2e-2));
      }
    }
  }

  private static Tensor loss(MaskedLanguageModel model, MaskedBatch batch) {
    Tensor logProbsNV =
        Functions.logSoftmax(model.forward(batch, ForwardMode.EVALUATE).logitsNV(), -1);
    return logProbsNV.gather(1, TokenBatches.labels(batch).unsqueeze(1)).sum().times(-1);
  }

  private static double lossAfterMoving(
      MaskedLanguageModel model, MaskedBatch batch, int element, float by) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Tensor words = model.parameters().get(EncoderNames.WORD).detach();
      Tensor before = words.copy();
      float[] moved = words.toFloats();
      moved[element] += by;
      words.setInPlace(Tensors.of(moved, words.shape()));
      double loss = loss(model, batch).item();
      words.setInPlace(before);
      return loss;
    }
  }

  @Test
  void aStudentHasSomeLayersAndTheWholeHead() throws IOException {
    try (MaskedLanguageModel teacher = read(folder("bert"));
        MaskedLanguageModel student = teacher.withLayers(List.of(1))) {
      assertThat(student.config().layers()).isEqualTo(1);
      assertThat(student.parameters().get("encoder.layer.0.output.dense.bias").toFloats())
          .isEqualTo(teacher.parameters().get("encoder.layer.1.output.dense.bias").toFloats());
      assertThat(student.parameters().get(EncoderNames.TOKEN_BIAS).toFloats())
          .isEqualTo(teacher.parameters().get(EncoderNames.TOKEN_BIAS).toFloats());
    }
  }

  @Test
  void refusesModelsWithoutTheHeadOrUntied() throws IOException {
    Path folder = folder("bert");
    String config = Files.readString(folder.resolve("config.json"));

    Files.writeString(
        folder.resolve("config.json"),
        config.replace("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false"));
    assertThatThrownBy(() -> read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("config.json: tie_word_embeddings must be true");

    Files.writeString(
        folder.resolve("config.json"), config.replace("BertForMaskedLM", "BertModel"));
    assertThatThrownBy(() -> read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the model has no masked-LM head");
  }

  private static MaskedLanguageModel read(Path folder) throws IOException {
    return ModelWeights.maskedLanguageModel(ModelFolder.read(folder));
  }

  private static TextBatch text(SafetensorsFile expected) {
    long[] ids = expected.get("input_ids").toLongs();
    long[] types =
        expected.names().contains("token_type_ids")
            ? expected.get("token_type_ids").toLongs()
            : new long[ids.length];
    long[] mask = expected.get("attention_mask").toLongs();
    return new TextBatch(
        new int[] {0, 1, 2}, ids.length / 3, ids, types, mask, new int[] {-1, -1, -1});
  }

  private static float[] rows(SafetensorsFile expected, long[] places) {
    Tensor logitsNV = Tensors.of(expected.get("logits")).reshape(-1, 120);
    return logitsNV.indexSelect(0, Tensors.of(places, places.length)).toFloats();
  }

  private Path folder(String family) throws IOException {
    Path folder = Files.createDirectories(temporary.resolve(family));
    for (String file : List.of("config.json", "model.safetensors", "expected.safetensors")) {
      Files.copy(RESOURCES.resolve(family + "-masked").resolve(file), folder.resolve(file));
    }
    Files.copy(RESOURCES.resolve("tokenizer/tokenizer.json"), folder.resolve("tokenizer.json"));
    return folder;
  }
}
