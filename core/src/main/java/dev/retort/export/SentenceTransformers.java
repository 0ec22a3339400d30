package dev.retort.export;

import dev.retort.model.Pooling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The JSON files of a sentence-transformers folder. Names are the ones that all versions read.
final class SentenceTransformers {

  /// The files that only a student with a pooled head has.
  static final List<String> FILES =
      List.of(
          "modules.json",
          "config_sentence_transformers.json",
          "1_Pooling/config.json",
          "2_Dense/config.json",
          "2_Dense/model.safetensors");

  private SentenceTransformers() {}

  /// An entry of `modules.json`: one step of the model, and the folder it lies in.
  static SequencedMap<String, Object> module(int index, String folder, String type) {
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    json.put("idx", index);
    json.put("name", String.valueOf(index));
    json.put("path", folder);
    json.put("type", "sentence_transformers.models." + type);
    return json;
  }

  /// `sentence_bert_config.json`.
  static SequencedMap<String, Object> transformer(int maxLength) {
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    json.put("max_seq_length", maxLength);
    json.put("do_lower_case", false);
    return json;
  }

  /// `config_sentence_transformers.json`.
  ///
  /// @param prompts what a text is to begin with, by the kind of text
  static SequencedMap<String, Object> model(Map<String, String> prompts) {
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    json.put("__version__", Map.of());
    json.put("model_type", "SentenceTransformer");
    json.put("prompts", prompts);
    return json;
  }

  /// `1_Pooling/config.json`.
  static SequencedMap<String, Object> pooling(Pooling pooling, int width) {
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    json.put("word_embedding_dimension", width);
    json.put("pooling_mode_cls_token", pooling == Pooling.CLS);
    json.put("pooling_mode_mean_tokens", pooling == Pooling.MEAN);
    json.put("pooling_mode_max_tokens", false);
    json.put("pooling_mode_mean_sqrt_len_tokens", false);
    return json;
  }

  /// `2_Dense/config.json`.
  static SequencedMap<String, Object> dense(int width, int labels) {
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    json.put("in_features", width);
    json.put("out_features", labels);
    json.put("bias", true);
    json.put("activation_function", "torch.nn.modules.linear.Identity");
    return json;
  }
}
