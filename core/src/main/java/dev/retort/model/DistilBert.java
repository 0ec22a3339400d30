package dev.retort.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// DistilBERT (Sanh et al. 2019): BERT without token types, under names of its own.
public record DistilBert() implements Family {

  private static final Map<String, String> PARTS =
      Map.of(
          EncoderNames.QUERY, "attention.q_lin",
          EncoderNames.KEY, "attention.k_lin",
          EncoderNames.VALUE, "attention.v_lin",
          EncoderNames.ATTENTION_OUTPUT, "attention.out_lin",
          EncoderNames.ATTENTION_NORM, "sa_layer_norm",
          EncoderNames.INTERMEDIATE, "ffn.lin1",
          EncoderNames.OUTPUT, "ffn.lin2",
          EncoderNames.OUTPUT_NORM, "output_layer_norm");

  @Override
  public String modelType() {
    return "distilbert";
  }

  @Override
  public String className() {
    return "DistilBert";
  }

  @Override
  public EncoderConfig read(JsonNode json) {
    ConfigReader config = new ConfigReader(json);
    return new EncoderConfig(
        this,
        config.integer("n_layers", 6),
        config.integer("dim", 768),
        config.integer("n_heads", 12),
        config.integer("hidden_dim", 3072),
        config.integer("vocab_size", 30522),
        config.integer("max_position_embeddings", 512),
        0,
        1e-12,
        Activation.ofConfigName(config.text("activation", "gelu")),
        config.number("dropout", 0.1),
        config.number("attention_dropout", 0.1),
        config.integer("pad_token_id", 0));
  }

  @Override
  public SequencedMap<String, Object> write(EncoderConfig config) {
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    json.put("model_type", modelType());
    json.put("dim", config.hiddenSize());
    json.put("n_layers", config.layers());
    json.put("n_heads", config.heads());
    json.put("hidden_dim", config.intermediateSize());
    json.put("activation", config.activation().configName());
    json.put("vocab_size", config.vocabularySize());
    json.put("max_position_embeddings", config.positions());
    json.put("dropout", config.dropout());
    json.put("attention_dropout", config.attentionDropout());
    json.put("pad_token_id", config.padId());
    return json;
  }

  @Override
  public String checkpointName(String canonicalName) {
    String[] words = canonicalName.split("\\.", 4);
    if (canonicalName.startsWith("encoder.layer.")) {
      String rest = words[3];
      int dot = rest.lastIndexOf('.');
      return "transformer.layer.%s.%s%s"
          .formatted(words[2], PARTS.get(rest.substring(0, dot)), rest.substring(dot));
    }
    return canonicalName
        .replace(EncoderNames.HEAD_DENSE, "pre_classifier")
        .replace(EncoderNames.HEAD_OUTPUT, "classifier")
        .replace(EncoderNames.TOKEN_DENSE, "vocab_transform")
        .replace(EncoderNames.TOKEN_NORM, "vocab_layer_norm")
        .replace(EncoderNames.TOKEN_BIAS, "vocab_projector.bias");
  }

  @Override
  public String prefix() {
    return "distilbert.";
  }

  @Override
  public int firstPosition(int padId) {
    return 0;
  }

  @Override
  public Activation headActivation() {
    return Activation.RELU;
  }

  @Override
  public Activation tokenActivation(EncoderConfig config) {
    return config.activation();
  }
}
