package dev.retort.model.convert;

import dev.retort.tensor.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a BERT sentence encoder in the layout of
/// [sentence-transformers](https://sbert.net/docs/sentence_transformer/usage/custom_models.html).
///
/// @param folder an existing folder
record SentenceTransformersFolder(Path folder) {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /// Writes configuration, weights, tokenizer and modules.
  void write(BertCheckpoint checkpoint, SentenceEncoder encoder, ObjectNode tokenizer)
      throws IOException {
    SafetensorsWriter.write(
        folder.resolve("model.safetensors"), checkpoint.tensors(), Map.of("format", "pt"));
    write(
        "config.json",
        BertConfiguration.of("BertModel", checkpoint, encoder.heads(), padding(tokenizer)));
    write("tokenizer.json", tokenizer);
    write("modules.json", modules());
    ObjectNode limits = JSON.createObjectNode();
    limits.put("max_seq_length", encoder.maxTokens()).put("do_lower_case", false);
    write("sentence_bert_config.json", limits);
    Files.createDirectory(folder.resolve("1_Pooling"));
    write("1_Pooling/config.json", pooling(checkpoint.shape().hidden(), encoder.pooling()));
  }

  private void write(String name, JsonNode content) throws IOException {
    Files.writeString(folder.resolve(name), JSON.writeValueAsString(content));
  }

  private static long padding(JsonNode tokenizer) {
    for (JsonNode token : tokenizer.path("added_tokens")) {
      if (token.path("content").asString("").equals("[PAD]")) {
        return token.path("id").asLong(0);
      }
    }
    return 0;
  }

  private static ArrayNode modules() {
    ArrayNode modules = JSON.createArrayNode();
    addModule(modules, "", "Transformer");
    addModule(modules, "1_Pooling", "Pooling");
    addModule(modules, "2_Normalize", "Normalize");
    return modules;
  }

  private static void addModule(ArrayNode modules, String path, String type) {
    int index = modules.size();
    modules
        .addObject()
        .put("idx", index)
        .put("name", Integer.toString(index))
        .put("path", path)
        .put("type", "sentence_transformers.models." + type);
  }

  private static ObjectNode pooling(long width, SentenceEncoder.Pooling pooling) {
    return JSON.createObjectNode()
        .put("word_embedding_dimension", width)
        .put("pooling_mode_cls_token", pooling == SentenceEncoder.Pooling.CLS)
        .put("pooling_mode_mean_tokens", pooling == SentenceEncoder.Pooling.MEAN)
        .put("pooling_mode_max_tokens", false)
        .put("pooling_mode_mean_sqrt_len_tokens", false);
  }
}
