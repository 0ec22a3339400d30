package dev.retort.model.decoder;

import dev.retort.model.decoder.DecoderConfig.Biases;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// Qwen 2 and 2.5 (Yang et al. 2024, arXiv 2407.10671): Llama with biases of queries, keys and
/// values.
public record Qwen2() implements DecoderFamily {

  @Override
  public String modelType() {
    return "qwen2";
  }

  @Override
  public String className() {
    return "Qwen2ForCausalLM";
  }

  @Override
  public Traits traits() {
    return new Traits(Norm.RMS, true, false, false, false);
  }

  @Override
  public DecoderConfig read(JsonNode config) {
    DecoderJson json = DecoderJson.of(config);
    Biases biases = new Biases(true, false, false);
    return json.decoder(this, json.attention(), biases, json.qwenSpans());
  }

  @Override
  public SequencedMap<String, Object> write(DecoderConfig config) {
    return DecoderJson.writeQwen(config);
  }
}
