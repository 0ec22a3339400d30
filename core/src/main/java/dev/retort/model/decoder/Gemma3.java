package dev.retort.model.decoder;

import dev.retort.model.ConfigReader;
import dev.retort.model.ModelException;
import dev.retort.model.decoder.DecoderConfig.Biases;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// The text models of Gemma 3 (Gemma Team 2025, arXiv 2503.19786): most layers see a window, with a
/// rotation of their own; queries, keys and the results of both branches are normalised.
public record Gemma3() implements DecoderFamily {

  private static final int HEAD_SIZE = 256;
  private static final int EVERY = 6;
  private static final double FAR_BASE = 1e6;

  @Override
  public String modelType() {
    return "gemma3_text";
  }

  @Override
  public String className() {
    return "Gemma3ForCausalLM";
  }

  @Override
  public Traits traits() {
    return new Traits(Norm.RMS_PLUS_ONE, true, true, true, true);
  }

  @Override
  public DecoderConfig read(JsonNode config) {
    DecoderJson json = new DecoderJson(new ConfigReader(config), "gelu_pytorch_tanh", true);
    for (String cap : List.of("attn_logit_softcapping", "final_logit_softcapping")) {
      if (json.config().has(cap)) {
        throw new ModelException(
            "config.json: %s is %s; Retort reads Gemma 3, which has none"
                .formatted(cap, config.path(cap)));
      }
    }
    boolean bias = json.config().flag("attention_bias", false);
    int every = json.config().integer("sliding_window_pattern", EVERY);
    List<LayerSpan> spans =
        json.spans(layer -> (layer + 1) % every != 0, json.rope(FAR_BASE), json.slidingRope());
    return json.decoder(this, attention(json), new Biases(bias, bias, false), spans);
  }

  private static AttentionShape attention(DecoderJson json) {
    ConfigReader config = json.config();
    AttentionShape plain = json.attention(HEAD_SIZE);
    double scaledBy = config.number("query_pre_attn_scalar", plain.headSize());
    return new AttentionShape(
        plain.heads(), plain.keyValueHeads(), plain.headSize(), 1 / Math.sqrt(scaledBy));
  }

  @Override
  public SequencedMap<String, Object> write(DecoderConfig config) {
    SequencedMap<String, Object> json = DecoderJson.write(config);
    json.put("hidden_activation", json.remove("hidden_act"));
    json.put("attention_bias", config.biases().output());
    double scale = config.attention().scale();
    // A whole number, which readers insist on.
    json.put("query_pre_attn_scalar", Math.round(1 / (scale * scale)));
    config.spans().stream()
        .filter(span -> span.window().isPresent())
        .map(LayerSpan::rope)
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(rope -> json.put("rope_local_base_freq", rope.base()));
    return json;
  }
}
