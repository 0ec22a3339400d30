package dev.retort.model;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// BERT (Devlin et al. 2019), and what has its shape: MiniLM, BGE, E5, GTE.
public record Bert() implements Family {

  @Override
  public String modelType() {
    return "bert";
  }

  @Override
  public String className() {
    return "Bert";
  }

  @Override
  public EncoderConfig read(JsonNode config) {
    return ConfigReader.bertLike(this, new ConfigReader(config));
  }

  @Override
  public SequencedMap<String, Object> write(EncoderConfig config) {
    return bertLike(config);
  }

  @Override
  public String checkpointName(String canonicalName) {
    if (canonicalName.startsWith(EncoderNames.HEAD_DENSE)) {
      return canonicalName.replace(EncoderNames.HEAD_DENSE, "bert.pooler.dense");
    }
    return canonicalName
        .replace(EncoderNames.HEAD_OUTPUT, "classifier")
        .replace(EncoderNames.TOKEN_DENSE, "cls.predictions.transform.dense")
        .replace(EncoderNames.TOKEN_NORM, "cls.predictions.transform.LayerNorm")
        .replace(EncoderNames.TOKEN_BIAS, "cls.predictions.bias");
  }

  @Override
  public String prefix() {
    return "bert.";
  }

  @Override
  public int firstPosition(int padId) {
    return 0;
  }

  @Override
  public Activation headActivation() {
    return Activation.TANH;
  }

  @Override
  public Activation tokenActivation(EncoderConfig config) {
    return config.activation();
  }

  /// The `config.json` entries that BERT and RoBERTa share.
  static SequencedMap<String, Object> bertLike(EncoderConfig config) {
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    json.put("model_type", config.family().modelType());
    json.put("hidden_size", config.hiddenSize());
    json.put("num_hidden_layers", config.layers());
    json.put("num_attention_heads", config.heads());
    json.put("intermediate_size", config.intermediateSize());
    json.put("hidden_act", config.activation().configName());
    json.put("vocab_size", config.vocabularySize());
    json.put("max_position_embeddings", config.positions());
    json.put("type_vocab_size", config.tokenTypes());
    json.put("layer_norm_eps", config.layerNormEpsilon());
    json.put("hidden_dropout_prob", config.dropout());
    json.put("attention_probs_dropout_prob", config.attentionDropout());
    json.put("pad_token_id", config.padId());
    json.put("position_embedding_type", "absolute");
    return json;
  }
}
