package dev.retort.model.decoder;

import dev.retort.model.decoder.DecoderConfig.Biases;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// Mistral 7B (Jiang et al. 2023, arXiv 2310.06825): Llama whose layers may all see a window only.
public record Mistral() implements DecoderFamily {

  @Override
  public String modelType() {
    return "mistral";
  }

  @Override
  public String className() {
    return "MistralForCausalLM";
  }

  @Override
  public Traits traits() {
    return new Traits(Norm.RMS, true, false, false, false);
  }

  @Override
  public DecoderConfig read(JsonNode config) {
    DecoderJson json = DecoderJson.of(config);
    return json.decoder(this, json.attention(), Biases.NONE, json.spans(_ -> true));
  }

  @Override
  public SequencedMap<String, Object> write(DecoderConfig config) {
    SequencedMap<String, Object> json = DecoderJson.write(config);
    // All layers have the window or none has.
    json.remove("layer_types");
    // A Mistral without this entry has a window of 4,096 tokens.
    json.putIfAbsent("sliding_window", null);
    return json;
  }
}
