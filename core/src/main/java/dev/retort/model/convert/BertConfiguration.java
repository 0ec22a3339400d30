package dev.retort.model.convert;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The `config.json` of a BERT.
final class BertConfiguration {

  private BertConfiguration() {}

  /// The configuration for a class of transformers such as `BertModel`.
  static ObjectNode of(
      String architecture, BertCheckpoint checkpoint, int heads, long paddingToken) {
    BertShape shape = checkpoint.shape();
    ObjectNode config = JsonMapper.shared().createObjectNode();
    config.putArray("architectures").add(architecture);
    config.put("model_type", "bert");
    config.put("torch_dtype", "float32");
    config.put("vocab_size", shape.vocabulary());
    config.put("hidden_size", shape.hidden());
    config.put("num_hidden_layers", shape.layers());
    config.put("num_attention_heads", heads);
    config.put("intermediate_size", shape.intermediate());
    config.put("hidden_act", "gelu");
    config.put("max_position_embeddings", shape.positions());
    config.put("type_vocab_size", shape.types());
    config.put("layer_norm_eps", checkpoint.normEpsilon());
    config.put("pad_token_id", paddingToken);
    config.put("position_embedding_type", "absolute");
    // BERT's defaults; a graph for inference does not keep what only training uses
    config.put("hidden_dropout_prob", 0.1);
    config.put("attention_probs_dropout_prob", 0.1);
    config.put("initializer_range", 0.02);
    return config;
  }
}
