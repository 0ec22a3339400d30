package dev.retort.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A model as it lies in a Hugging Face folder, before its weights are read.
///
/// @param folder where it lies
/// @param config the shape of the encoder
/// @param pooling how its hidden states become one vector, if the folder says so
/// @param normalized whether its embeddings have length 1
/// @param prompts what the texts of an embedder are to begin with, by the kind of text
/// @param head the classification head, if it has one
/// @param labels the head's labels in the order of the logits; empty without a head
/// @param tokenHead whether it has a masked-LM head
/// @param maxLength the longest text in tokens, special tokens included, that it should be given
public record Pretrained(
    Path folder,
    EncoderConfig config,
    Optional<Pooling> pooling,
    boolean normalized,
    Map<String, String> prompts,
    Optional<Head> head,
    List<String> labels,
    boolean tokenHead,
    int maxLength) {

  public Pretrained {
    prompts = Collections.unmodifiableMap(new LinkedHashMap<>(prompts));
    labels = List.copyOf(labels);
  }

  /// The file that tokenizes for this model.
  public Path tokenizer() {
    return folder.resolve("tokenizer.json");
  }

  /// The model as an embedder: its own pooling, or the mean where the folder does not say.
  public Head.Embedding embedding() {
    return new Head.Embedding(pooling.orElse(Pooling.MEAN), normalized, prompts);
  }

  /// Whether this model and `other` read a text as the same tokens: their tokenizers are described
  /// alike, but for truncation and padding, which Retort does itself.
  public boolean sharesTokensWith(Pretrained other) throws IOException {
    return Files.mismatch(tokenizer(), other.tokenizer()) < 0
        || tokenization().equals(other.tokenization());
  }

  private JsonNode tokenization() throws IOException {
    try {
      ObjectNode json =
          JsonMapper.shared().readValue(Files.readString(tokenizer()), ObjectNode.class);
      return json.without(List.of("truncation", "padding"));
    } catch (JacksonException e) {
      throw new ModelException(
          "%s: not valid JSON (%s); fetch the model again"
              .formatted(tokenizer(), e.getOriginalMessage()),
          e);
    }
  }

  /// The head that a model without one is given: a linear layer over its own pooling, or over the
  /// mean where the folder does not say.
  public Head defaultHead() {
    return new Head.PooledLinear(pooling.orElse(Pooling.MEAN));
  }
}
