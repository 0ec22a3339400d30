package dev.retort.model.convert;

import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes a BERT with a masked-LM head as a `BertForMaskedLM` of transformers.
///
/// @param folder an existing folder
record MaskedLanguageModelFolder(Path folder) {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /// Writes configuration, weights and tokenizer. The decoder is tied to the word embeddings and
  /// has no tensor of its own.
  void write(
      BertCheckpoint checkpoint, int heads, WordPieceVocabulary vocabulary, boolean lowerCase)
      throws IOException {
    SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
    checkpoint
        .tensors()
        .forEach(
            (name, tensor) -> tensors.put(name.startsWith("cls.") ? name : "bert." + name, tensor));
    SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
    write(
        "config.json",
        BertConfiguration.of("BertForMaskedLM", checkpoint, heads, vocabulary.id("[PAD]"))
            .put("tie_word_embeddings", true));
    write("tokenizer.json", vocabulary.tokenizer(lowerCase));
    write("tokenizer_config.json", tokenizerConfiguration(checkpoint.shape(), lowerCase));
  }

  private static ObjectNode tokenizerConfiguration(BertShape shape, boolean lowerCase) {
    return JSON.createObjectNode()
        .put("tokenizer_class", "BertTokenizer")
        .put("do_lower_case", lowerCase)
        .put("model_max_length", shape.positions())
        .put("pad_token", "[PAD]")
        .put("unk_token", "[UNK]")
        .put("cls_token", "[CLS]")
        .put("sep_token", "[SEP]")
        .put("mask_token", "[MASK]");
  }

  private void write(String name, JsonNode content) throws IOException {
    Files.writeString(folder.resolve(name), JSON.writeValueAsString(content));
  }
}
