package dev.retort.export;

import dev.retort.model.Activation;
import dev.retort.model.EncoderConfig;
import dev.retort.model.Head;
import dev.retort.model.ModelFolder;
import dev.retort.model.ModelWeights;
import dev.retort.model.Pooling;
import dev.retort.model.TextClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Tiny students: checkpoints that transformers saved, and their encoders under other heads.
final class Students {

  static final Path RESOURCES = Path.of("src/test/resources/parity");

  /// Lower-casing WordPiece with as many tokens as the checkpoints have embeddings.
  static final Path TOKENIZER = RESOURCES.resolve("tokenizer/tokenizer.json");

  /// Texts from no token to more than 40.
  static final Samples.Texts TEXTS =
      new Samples.Texts(
          Stream.of(
                  "",
                  "hello",
                  "the cat sat on the mat",
                  "a big red dog",
                  "what is this and where does it go",
                  "the dog ran to the big house and the cat sat by the door of the house "
                      .repeat(4),
                  "unbelievable prices",
                  "no yes no yes no")
              .toList());

  private Students() {}

  /// The checkpoint of a family with the head it was saved with.
  static TextClassifier ofFamily(String family, Path temporary) throws IOException {
    return ModelWeights.classifier(ModelFolder.read(folder(family, temporary)));
  }

  /// The encoder of a checkpoint under a new pooled head for three labels.
  static TextClassifier pooled(String name, Pooling pooling, Path temporary) throws IOException {
    try (TextClassifier plain =
        ModelWeights.withNewHead(ModelFolder.read(folder(name, temporary)), List.of("a", "b"), 1)) {
      return plain.withNewHead(new Head.PooledLinear(pooling), List.of("ham", "spam", "other"), 7);
    }
  }

  /// The same weights under another activation of the feed-forward layers.
  static TextClassifier withActivation(TextClassifier student, Activation activation) {
    EncoderConfig config = student.config();
    return new TextClassifier(
        new EncoderConfig(
            config.family(),
            config.layers(),
            config.hiddenSize(),
            config.heads(),
            config.intermediateSize(),
            config.vocabularySize(),
            config.positions(),
            config.tokenTypes(),
            config.layerNormEpsilon(),
            activation,
            config.dropout(),
            config.attentionDropout(),
            config.padId()),
        student.head(),
        student.labels(),
        student.parameters());
  }

  /// A checkpoint with a tokenizer beside it, as Hugging Face folders have.
  static Path folder(String name, Path temporary) throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("checkpoint-" + name));
    for (String file : List.of("config.json", "model.safetensors")) {
      Path copy = folder.resolve(file);
      if (!Files.exists(copy)) {
        Files.copy(RESOURCES.resolve(name).resolve(file), copy);
      }
    }
    if (!Files.exists(folder.resolve("tokenizer.json"))) {
      Files.copy(TOKENIZER, folder.resolve("tokenizer.json"));
    }
    return folder;
  }
}
