package dev.retort.model.decoder;

import dev.retort.model.decoder.DecoderConfig.Biases;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// Qwen 3 (Yang et al. 2025, arXiv 2505.09388): Llama with normalised queries and keys.
public record Qwen3() implements DecoderFamily {

  private static final int HEAD_SIZE = 128;

  @Override
  public String modelType() {
    return "qwen3";
  }

  @Override
  public String className() {
    return "Qwen3ForCausalLM";
  }

  @Override
  public Traits traits() {
    return new Traits(Norm.RMS, true, true, false, false);
  }

  @Override
  public DecoderConfig read(JsonNode config) {
    DecoderJson json = DecoderJson.of(config);
    boolean bias = json.config().flag("attention_bias", false);
    Biases biases = new Biases(bias, bias, false);
    return json.decoder(this, json.attention(HEAD_SIZE), biases, json.qwenSpans());
  }

  @Override
  public SequencedMap<String, Object> write(DecoderConfig config) {
    SequencedMap<String, Object> json = DecoderJson.writeQwen(config);
    json.put("attention_bias", config.biases().output());
    return json;
  }
}
