package dev.retort.model;

import dev.retort.tensor.DType;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// The tensors of a model folder, memory-mapped: `model.safetensors` or its shards, and the linear
/// layer of a sentence-transformers head.
public final class ModelWeights implements AutoCloseable {

  private final Checkpoint checkpoint;

  private ModelWeights(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  /// Reads `model`, head included, with all weights in 32 bits.
  ///
  /// @throws ModelException if it has no head, or a tensor is missing or misshapen
  public static TextClassifier classifier(Pretrained model) throws IOException {
    Head head =
        model
            .head()
            .orElseThrow(() ->
                new ModelException(
                    "%s: the model has no classification head".formatted(model.folder())));
    try (ModelWeights weights = open(model.folder())) {
      SequencedMap<String, Tensor> tensors = weights.encoder(model.config());
      tensors.putAll(weights.head(model.config(), head, model.labels().size()));
      return new TextClassifier(model.config(), head, model.labels(), new Parameters(tensors));
    }
  }

  /// The same with its logits in the order of `labels`, which are the model's own in any order.
  public static TextClassifier classifier(Pretrained model, List<String> labels)
      throws IOException {
    TextClassifier read = classifier(model);
    return read.labels().equals(labels) ? read : read.reordered(labels);
  }

  /// Reads the encoder of `model` and puts a new, randomly initialised head for `labels` on it.
  public static TextClassifier withNewHead(Pretrained model, List<String> labels, long seed)
      throws IOException {
    Head head = model.defaultHead();
    try (ModelWeights weights = open(model.folder());
        Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      SequencedMap<String, Tensor> tensors = weights.encoder(model.config());
      tensors.putAll(TextClassifier.freshHead(model.config(), head, labels.size(), seed));
      return new TextClassifier(model.config(), head, labels, new Parameters(tensors));
    }
  }

  /// Reads `model` as an embedder.
  public static TextClassifier embedder(Pretrained model) throws IOException {
    try (ModelWeights weights = open(model.folder())) {
      return new TextClassifier(
          model.config(),
          model.embedding(),
          List.of(),
          new Parameters(weights.encoder(model.config())));
    }
  }

  /// Reads `model`, masked-LM head included, with all weights in 32 bits.
  ///
  /// @throws ModelException if it has no such head, or a tensor is missing or misshapen
  public static MaskedLanguageModel maskedLanguageModel(Pretrained model) throws IOException {
    if (!model.tokenHead()) {
      throw new ModelException(
          "%s: the model has no masked-LM head; use one whose config.json says …ForMaskedLM"
              .formatted(model.folder()));
    }
    try (ModelWeights weights = open(model.folder())) {
      SequencedMap<String, Tensor> tensors = weights.encoder(model.config());
      tensors.putAll(weights.tokenHead(model.config()));
      return new MaskedLanguageModel(model.config(), new Parameters(tensors));
    }
  }

  /// Reads a copy of the table of word embeddings of `model` alone, `[V, D]` in 32 bits, which
  /// lives until it is closed.
  ///
  /// @throws ModelException if it is missing or misshapen
  public static Tensor wordEmbeddings(Pretrained model) throws IOException {
    EncoderConfig config = model.config();
    try (ModelWeights weights = open(model.folder())) {
      SequencedMap<String, Tensor> table = weights.encoder(config, List.of(EncoderNames.WORD));
      weights.requireShape(table, EncoderNames.WORD, config.vocabularySize(), config.hiddenSize());
      return table.firstEntry().getValue();
    }
  }

  private static ModelWeights open(Path folder) throws IOException {
    return new ModelWeights(Checkpoint.open(folder));
  }

  private SequencedMap<String, Tensor> encoder(EncoderConfig config) {
    SequencedMap<String, Tensor> tensors = encoder(config, EncoderNames.all(config));
    requireShape(tensors, EncoderNames.WORD, config.vocabularySize(), config.hiddenSize());
    requireShape(tensors, EncoderNames.POSITION, config.positions(), config.hiddenSize());
    return tensors;
  }

  private SequencedMap<String, Tensor> encoder(EncoderConfig config, List<String> names) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (String name : names) {
      String inCheckpoint = config.family().checkpointName(name);
      find(config.family().prefix() + inCheckpoint)
          .or(() -> find(inCheckpoint))
          .ifPresentOrElse(raw -> tensors.put(name, trained(raw)), () -> missing.add(inCheckpoint));
    }
    checkpoint.requireNone(missing);
    return tensors;
  }

  private SequencedMap<String, Tensor> head(EncoderConfig config, Head head, int labels)
      throws IOException {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    switch (head) {
      case Head.Embedding _ -> {
        return tensors;
      }
      case Head.PooledLinear _ -> {
        try (SafetensorsFile dense =
            SafetensorsFile.open(checkpoint.folder().resolve("2_Dense/model.safetensors"))) {
          tensors.put(EncoderNames.HEAD_OUTPUT + ".weight", trained(dense.get("linear.weight")));
          tensors.put(EncoderNames.HEAD_OUTPUT + ".bias", trained(dense.get("linear.bias")));
        }
      }
      case Head.FirstToken _ -> tensors.putAll(named(EncoderNames.ofClassifier(), config.family()));
    }
    requireShape(tensors, EncoderNames.HEAD_OUTPUT + ".weight", labels, config.hiddenSize());
    return tensors;
  }

  private SequencedMap<String, Tensor> tokenHead(EncoderConfig config) {
    SequencedMap<String, Tensor> tensors =
        named(EncoderNames.ofMaskedLanguageModel(), config.family());
    requireShape(
        tensors, EncoderNames.TOKEN_DENSE + ".weight", config.hiddenSize(), config.hiddenSize());
    requireShape(tensors, EncoderNames.TOKEN_BIAS, config.vocabularySize());
    return tensors;
  }

  /// The parameters with these names, which checkpoints of whole tasks have without a prefix.
  private SequencedMap<String, Tensor> named(List<String> names, Family family) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (String name : names) {
      String inCheckpoint = family.checkpointName(name);
      find(inCheckpoint)
          .ifPresentOrElse(raw -> tensors.put(name, trained(raw)), () -> missing.add(inCheckpoint));
    }
    checkpoint.requireNone(missing);
    return tensors;
  }

  /// TensorFlow-born checkpoints call the weight and bias of a normalisation `gamma` and `beta`.
  private Optional<RawTensor> find(String name) {
    String legacy =
        name.replace("LayerNorm.weight", "LayerNorm.gamma")
            .replace("LayerNorm.bias", "LayerNorm.beta");
    return checkpoint.find(name).or(() -> checkpoint.find(legacy));
  }

  private static Tensor trained(RawTensor raw) {
    try (Scope _ = Scope.open()) {
      return Tensors.of(raw).to(DType.FLOAT32).keep().requiresGrad();
    }
  }

  private void requireShape(SequencedMap<String, Tensor> tensors, String name, long... expected) {
    List<Long> shape =
        Optional.ofNullable(tensors.get(name)).stream()
            .flatMapToLong(tensor -> Arrays.stream(tensor.shape()))
            .boxed()
            .toList();
    if (!shape.equals(Arrays.stream(expected).boxed().toList())) {
      throw new ModelException(
          "%s: tensor %s is %s but config.json says %s"
              .formatted(checkpoint.folder(), name, shape, Arrays.toString(expected)));
    }
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}
