package dev.retort.model;

import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// RoBERTa (Liu et al. 2019) and XLM-R (Conneau et al. 2020): BERT whose positions are numbered
/// from `padId + 1`, so that the position embedding has that many rows more than there are places.
///
/// @param modelType `roberta` or `xlm-roberta`
public record Roberta(String modelType) implements Family {

  @Override
  public String className() {
    return modelType.equals("roberta") ? "Roberta" : "XLMRoberta";
  }

  @Override
  public EncoderConfig read(JsonNode config) {
    return ConfigReader.bertLike(this, new ConfigReader(config));
  }

  @Override
  public SequencedMap<String, Object> write(EncoderConfig config) {
    return Bert.bertLike(config);
  }

  @Override
  public String checkpointName(String canonicalName) {
    return canonicalName
        .replace(EncoderNames.HEAD_DENSE, "classifier.dense")
        .replace(EncoderNames.HEAD_OUTPUT, "classifier.out_proj")
        .replace(EncoderNames.TOKEN_DENSE, "lm_head.dense")
        .replace(EncoderNames.TOKEN_NORM, "lm_head.layer_norm")
        .replace(EncoderNames.TOKEN_BIAS, "lm_head.bias");
  }

  @Override
  public String prefix() {
    return "roberta.";
  }

  @Override
  public int firstPosition(int padId) {
    return padId + 1;
  }

  @Override
  public Activation headActivation() {
    return Activation.TANH;
  }

  @Override
  public Activation tokenActivation(EncoderConfig config) {
    return Activation.GELU;
  }
}
