package dev.retort.train;

import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Labels;
import dev.retort.data.Place;
import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.Activation;
import dev.retort.model.Bert;
import dev.retort.model.EncoderConfig;
import dev.retort.model.EncoderNames;
import dev.retort.model.Head;
import dev.retort.model.Network;
import dev.retort.model.Parameters;
import dev.retort.model.Pooling;
import dev.retort.model.Precision;
import dev.retort.model.TextClassifier;
import dev.retort.recipe.Keep;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.TrainSettings;
import dev.retort.runtime.Encoding;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;

/// A task small enough to learn in a second: which of three words stands in a text of letters.
final class TinyTask {

  private static final int VOCABULARY = 32;
  private static final int FIRST_SIGNAL = 10;

  private TinyTask() {}

  /// A BERT with random weights, 16 wide.
  static TextClassifier model(int layers, long seed) {
    return model(layers, seed, 0.1);
  }

  /// The same with this share of dropout.
  static TextClassifier model(int layers, long seed, double dropout) {
    return model(layers, seed, dropout, 16);
  }

  /// The same, `width` wide.
  static TextClassifier model(int layers, long seed, double dropout, int width) {
    EncoderConfig config =
        new EncoderConfig(
            new Bert(),
            layers,
            width,
            2,
            2 * width,
            VOCABULARY,
            16,
            2,
            1e-12,
            Activation.GELU,
            dropout,
            dropout,
            0);
    Seed.set(seed);
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : EncoderNames.all(config)) {
      tensors.put(name, random(name, config).keep().requiresGrad());
    }
    tensors.put("head.output.weight", Tensors.normal(0, 0.2, 3, width).keep().requiresGrad());
    tensors.put("head.output.bias", Tensors.zeros(3).keep().requiresGrad());
    return new TextClassifier(
        config,
        new Head.PooledLinear(Pooling.MEAN),
        List.of("a", "b", "c"),
        new Parameters(tensors));
  }

  private static Tensor random(String name, EncoderConfig config) {
    int width = config.hiddenSize();
    if (name.contains("LayerNorm")) {
      return name.endsWith("weight") ? Tensors.ones(width) : Tensors.zeros(width);
    }
    if (name.startsWith("embeddings.")) {
      long rows = name.contains("word") ? VOCABULARY : name.contains("position") ? 16 : 2;
      return Tensors.normal(0, 0.2, rows, width);
    }
    boolean wide = name.contains("intermediate");
    boolean narrow = name.contains(".output.dense") && !name.contains("attention");
    long out = wide ? config.intermediateSize() : width;
    long in = narrow ? config.intermediateSize() : width;
    return name.endsWith("weight") ? Tensors.normal(0, 0.2, out, in) : Tensors.zeros(out);
  }

  /// Settings under which a tiny model learns within a few epochs, with a checkpoint every 3 steps.
  static TrainSettings settings(int epochs) {
    return new TrainSettings(
        epochs,
        200,
        1,
        5e-3,
        1,
        new Schedule.Linear(0.1),
        0.01,
        1,
        Precision.FP32,
        7,
        Optional.empty(),
        Keep.BEST,
        3);
  }

  /// Texts of 4 to 11 tokens, of which one is the signal.
  static TokenizedDataset data(int count, long seed) {
    Random random = new Random(seed);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int label = random.nextInt(3);
      StringBuilder text = new StringBuilder("1");
      int length = 3 + random.nextInt(8);
      int place = random.nextInt(length);
      for (int j = 0; j < length; j++) {
        int noise = FIRST_SIGNAL + 3 + random.nextInt(VOCABULARY - FIRST_SIGNAL - 3);
        text.append(' ').append(j == place ? FIRST_SIGNAL + label : noise);
      }
      examples.add(
          new Example(text.toString(), Optional.empty(), label, new Place(Path.of("tiny"), i + 1)));
    }
    Dataset dataset = new Dataset("train", examples, Labels.of(List.of("a", "b", "c")));
    return TokenizedDataset.of(dataset, example -> numbers(example.text()), 0);
  }

  private static Encoding numbers(String text) {
    String[] words = text.split(" ", -1);
    int[] ids = new int[words.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Integer.parseInt(words[i]);
    }
    return new Encoding(ids, new int[ids.length], false);
  }

  /// All weights of `model`, for comparing two models bit for bit.
  static List<float[]> weights(Network<TextBatch> model) {
    return model.parameters().all().stream().map(Tensor::toFloats).toList();
  }
}
