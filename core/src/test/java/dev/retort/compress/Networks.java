package dev.retort.compress;

import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Labels;
import dev.retort.data.Place;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.Head;
import dev.retort.model.ModelFolder;
import dev.retort.model.ModelWeights;
import dev.retort.model.Pooling;
import dev.retort.model.Precision;
import dev.retort.model.Predictor;
import dev.retort.model.TextClassifier;
import dev.retort.runtime.Encoding;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Tiny networks, 32 wide with 4 heads and 64 neurons, to be cut, and texts to ask them about.
final class Networks {

  private static final Path RESOURCES = Path.of("src/test/resources/parity");

  private static final int VOCABULARY = 120;

  private Networks() {}

  /// The checkpoint of a family under the head it was saved with, which reads the first token.
  static TextClassifier ofFamily(String family, Path temporary) throws IOException {
    return ModelWeights.classifier(ModelFolder.read(folder(family, temporary)));
  }

  /// The checkpoint `minilm` under a new head.
  static TextClassifier pooled(Pooling pooling, Path temporary) throws IOException {
    List<String> labels = List.of("a", "b", "c");
    try (TextClassifier plain =
        ModelWeights.withNewHead(ModelFolder.read(folder("minilm", temporary)), labels, 1)) {
      return plain.withNewHead(new Head.PooledLinear(pooling), labels, 7);
    }
  }

  /// The checkpoint `minilm` without a head.
  static TextClassifier embedder(Path temporary) throws IOException {
    return ModelWeights.embedder(ModelFolder.read(folder("minilm", temporary)));
  }

  private static Path folder(String name, Path temporary) throws IOException {
    Path folder = Files.createDirectories(temporary.resolve(name));
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(RESOURCES.resolve(name).resolve(file), folder.resolve(file));
    }
    Files.copy(RESOURCES.resolve("tokenizer/tokenizer.json"), folder.resolve("tokenizer.json"));
    return folder;
  }

  /// Texts of 3 to 20 random tokens.
  static TokenizedDataset texts(int count, long seed) {
    List<Example> examples =
        IntStream.range(0, count)
            .mapToObj(i ->
                new Example(
                    String.valueOf(i), Optional.empty(), i % 3, new Place(Path.of("t"), i + 1)))
            .toList();
    Dataset dataset = new Dataset("train", examples, Labels.of(List.of("a", "b", "c")));
    return TokenizedDataset.of(
        dataset, example -> encoding(seed * count + Integer.parseInt(example.text())), 0);
  }

  private static Encoding encoding(long seed) {
    Random random = new Random(seed);
    int length = 3 + random.nextInt(18);
    int[] ids = IntStream.range(0, length).map(_ -> 5 + random.nextInt(VOCABULARY - 5)).toArray();
    return new Encoding(ids, new int[length], false);
  }

  /// Changes the rows of the matrix, or the only row of the vector, that is called `name`.
  static void edit(TextClassifier model, String name, Consumer<float[][]> change) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Tensor tensor = model.parameters().get(name);
      float[][] rows =
          tensor.rank() == 1 ? new float[][] {tensor.toFloats()} : tensor.toFloatRows();
      change.accept(rows);
      tensor.detach().setInPlace(Tensors.of(rows).reshape(tensor.shape()));
    }
  }

  static float[][] logits(TextClassifier model, TokenizedDataset texts) {
    return Predictor.logits(model, texts, Precision.FP32);
  }
}
