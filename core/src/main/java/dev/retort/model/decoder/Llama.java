package dev.retort.model.decoder;

import dev.retort.model.decoder.DecoderConfig.Biases;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// Llama 1 to 3 (Touvron et al. 2023), and what has its shape: SmolLM, TinyLlama, Vicuna.
public record Llama() implements DecoderFamily {

  @Override
  public String modelType() {
    return "llama";
  }

  @Override
  public String className() {
    return "LlamaForCausalLM";
  }

  @Override
  public Traits traits() {
    return new Traits(Norm.RMS, true, false, false, false);
  }

  @Override
  public DecoderConfig read(JsonNode config) {
    DecoderJson json = DecoderJson.of(config);
    boolean attention = json.config().flag("attention_bias", false);
    Biases biases = new Biases(attention, attention, json.config().flag("mlp_bias", false));
    return json.decoder(this, json.attention(), biases, json.spans(_ -> false));
  }

  @Override
  public SequencedMap<String, Object> write(DecoderConfig config) {
    SequencedMap<String, Object> json = DecoderJson.write(config);
    json.put("attention_bias", config.biases().output());
    json.put("mlp_bias", config.biases().feedForward());
    return json;
  }
}
