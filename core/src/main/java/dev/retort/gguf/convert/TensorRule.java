package dev.retort.gguf.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How one kind of tensor is named in both worlds, without `.weight` or `.bias`; `{}` stands for
/// the layer's number.
///
/// @param gguf the name in GGUF, such as `blk.{}.attn_q`
/// @param huggingFace the name in Hugging Face's layout
/// @param layout what llama.cpp changes in the values
record TensorRule(String gguf, String huggingFace, TensorLayout layout) {

  private static final String LAYER = "{}";
  private static final Pattern NUMBERED = Pattern.compile("([^\\d]*\\.)(\\d+)(\\..*)");
  private static final Pattern SUFFIXED = Pattern.compile("(.*)\\.(weight|bias)");
  private static final String GPT2_PREFIX = "transformer.";

  /// A tensor that is known.
  ///
  /// @param name its name in the other world
  record Match(String name, TensorLayout layout) {}

  /// The rules of an architecture.
  static List<TensorRule> of(Architecture architecture) {
    return switch (architecture) {
      case LLAMA -> modern("post_attention_layernorm", true);
      case QWEN2 -> modern("post_attention_layernorm", false);
      case QWEN3 -> {
        List<TensorRule> rules = modern("post_attention_layernorm", false);
        rules.addAll(headNorms());
        yield rules;
      }
      case GEMMA3 -> gemma();
      case GPT2 -> gpt2();
    };
  }

  /// Finds what a tensor of a GGUF file is called in Hugging Face's layout.
  static Optional<Match> ofGguf(List<TensorRule> rules, String name) {
    return find(rules, name, TensorRule::gguf, TensorRule::huggingFace);
  }

  /// Finds what a tensor in Hugging Face's layout is called in a GGUF file.
  static Optional<Match> ofHuggingFace(List<TensorRule> rules, String name) {
    Optional<Match> match = find(rules, name, TensorRule::huggingFace, TensorRule::gguf);
    // GPT-2 as it was published has no prefix.
    return match.isPresent()
        ? match
        : find(rules, GPT2_PREFIX + name, TensorRule::huggingFace, TensorRule::gguf);
  }

  private static Optional<Match> find(
      List<TensorRule> rules,
      String name,
      Function<TensorRule, String> from,
      Function<TensorRule, String> to) {
    Matcher suffixed = SUFFIXED.matcher(name);
    if (!suffixed.matches()) {
      return Optional.empty();
    }
    Matcher numbered = NUMBERED.matcher(suffixed.group(1));
    String layer = numbered.matches() ? numbered.group(2) : LAYER;
    String general =
        numbered.matches() ? numbered.group(1) + LAYER + numbered.group(3) : suffixed.group(1);
    String suffix = suffixed.group(2);
    return rules.stream()
        .filter(rule -> from.apply(rule).equals(general))
        .findFirst()
        .map(rule ->
            new Match(to.apply(rule).replace(LAYER, layer) + "." + suffix, rule.layout.of(suffix)));
  }

  private static List<TensorRule> modern(String feedForwardNorm, boolean rotated) {
    List<TensorRule> rules = new ArrayList<>();
    add(rules, "token_embd", "model.embed_tokens", TensorLayout.SAME);
    add(rules, "output_norm", "model.norm", TensorLayout.SAME);
    add(rules, "output", "lm_head", TensorLayout.SAME);
    TensorLayout query = rotated ? TensorLayout.QUERY : TensorLayout.SAME;
    TensorLayout key = rotated ? TensorLayout.KEY : TensorLayout.SAME;
    addLayer(rules, "attn_norm", "input_layernorm", TensorLayout.SAME);
    addLayer(rules, "attn_q", "self_attn.q_proj", query);
    addLayer(rules, "attn_k", "self_attn.k_proj", key);
    addLayer(rules, "attn_v", "self_attn.v_proj", TensorLayout.SAME);
    addLayer(rules, "attn_output", "self_attn.o_proj", TensorLayout.SAME);
    addLayer(rules, "ffn_norm", feedForwardNorm, TensorLayout.SAME);
    addLayer(rules, "ffn_gate", "mlp.gate_proj", TensorLayout.SAME);
    addLayer(rules, "ffn_up", "mlp.up_proj", TensorLayout.SAME);
    addLayer(rules, "ffn_down", "mlp.down_proj", TensorLayout.SAME);
    return rules;
  }

  private static List<TensorRule> headNorms() {
    List<TensorRule> rules = new ArrayList<>();
    addLayer(rules, "attn_q_norm", "self_attn.q_norm", TensorLayout.SAME);
    addLayer(rules, "attn_k_norm", "self_attn.k_norm", TensorLayout.SAME);
    return rules;
  }

  private static List<TensorRule> gemma() {
    List<TensorRule> rules = modern("pre_feedforward_layernorm", false);
    rules.addAll(headNorms());
    addLayer(rules, "post_attention_norm", "post_attention_layernorm", TensorLayout.SAME);
    addLayer(rules, "post_ffw_norm", "post_feedforward_layernorm", TensorLayout.SAME);
    return rules.stream()
        .map(rule ->
            rule.gguf.endsWith("norm")
                ? new TensorRule(rule.gguf, rule.huggingFace, TensorLayout.ONE_MORE)
                : rule)
        .toList();
  }

  private static List<TensorRule> gpt2() {
    List<TensorRule> rules = new ArrayList<>();
    add(rules, "token_embd", "transformer.wte", TensorLayout.SAME);
    add(rules, "position_embd", "transformer.wpe", TensorLayout.SAME);
    add(rules, "output_norm", "transformer.ln_f", TensorLayout.SAME);
    add(rules, "output", "lm_head", TensorLayout.SAME);
    String layer = "transformer.h.{}.";
    add(rules, "blk.{}.attn_norm", layer + "ln_1", TensorLayout.SAME);
    add(rules, "blk.{}.attn_qkv", layer + "attn.c_attn", TensorLayout.TRANSPOSED);
    add(rules, "blk.{}.attn_output", layer + "attn.c_proj", TensorLayout.TRANSPOSED);
    add(rules, "blk.{}.ffn_norm", layer + "ln_2", TensorLayout.SAME);
    add(rules, "blk.{}.ffn_up", layer + "mlp.c_fc", TensorLayout.TRANSPOSED);
    add(rules, "blk.{}.ffn_down", layer + "mlp.c_proj", TensorLayout.TRANSPOSED);
    return rules;
  }

  private static void addLayer(
      List<TensorRule> rules, String gguf, String huggingFace, TensorLayout layout) {
    add(rules, "blk.{}." + gguf, "model.layers.{}." + huggingFace, layout);
  }

  private static void add(
      List<TensorRule> rules, String gguf, String huggingFace, TensorLayout layout) {
    rules.add(new TensorRule(gguf, huggingFace, layout));
  }
}
