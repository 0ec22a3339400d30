package dev.retort.model;

import tools.jackson.databind.JsonNode;

/// Reads the entries of a `config.json` with messages that name them.
///
/// @param json the whole file, or an object in it
public record ConfigReader(JsonNode json) {

  static EncoderConfig bertLike(Family family, ConfigReader config) {
    config.requireAbsolutePositions();
    return new EncoderConfig(
        family,
        config.integer("num_hidden_layers", 12),
        config.integer("hidden_size", 768),
        config.integer("num_attention_heads", 12),
        config.integer("intermediate_size", 3072),
        config.integer("vocab_size", 30522),
        config.integer("max_position_embeddings", 512),
        config.integer("type_vocab_size", 2),
        config.number("layer_norm_eps", 1e-12),
        Activation.ofConfigName(config.text("hidden_act", "gelu")),
        config.number("hidden_dropout_prob", 0.1),
        config.number("attention_probs_dropout_prob", 0.1),
        config.integer("pad_token_id", family.modelType().equals("bert") ? 0 : 1));
  }

  /// A whole number, or `fallback` where there is none.
  public int integer(String key, int fallback) {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return fallback;
    }
    if (!value.isIntegralNumber()) {
      throw wrong(key, "a whole number", value);
    }
    return value.intValue();
  }

  /// A number, or `fallback` where there is none.
  public double number(String key, double fallback) {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return fallback;
    }
    if (!value.isNumber()) {
      throw wrong(key, "a number", value);
    }
    return value.doubleValue();
  }

  /// A text, or `fallback` where there is none.
  public String text(String key, String fallback) {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return fallback;
    }
    if (!value.isString()) {
      throw wrong(key, "a text", value);
    }
    return value.stringValue();
  }

  /// `true` or `false`, or `fallback` where there is neither.
  public boolean flag(String key, boolean fallback) {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return fallback;
    }
    if (!value.isBoolean()) {
      throw wrong(key, "true or false", value);
    }
    return value.booleanValue();
  }

  /// Whether there is a value that is not `null`.
  public boolean has(String key) {
    return json.hasNonNull(key);
  }

  /// The object of this name; empty entries where there is none.
  public ConfigReader object(String key) {
    JsonNode value = json.path(key);
    if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
      throw wrong(key, "an object", value);
    }
    return new ConfigReader(value);
  }

  private void requireAbsolutePositions() {
    String kind = text("position_embedding_type", "absolute");
    if (!kind.equals("absolute")) {
      throw new ModelException(
          "config.json: position_embedding_type '%s' is not supported; 'absolute' is"
              .formatted(kind));
    }
  }

  private static ModelException wrong(String key, String expected, JsonNode found) {
    return new ModelException(
        "config.json: %s must be %s but is %s".formatted(key, expected, found));
  }
}
