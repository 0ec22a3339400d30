package dev.retort.gguf.convert;

import dev.retort.gguf.FloatRows;
import dev.retort.gguf.GgufMetadata;
import dev.retort.gguf.GgufType;
import dev.retort.gguf.GgufValue;
import dev.retort.gguf.GgufWriter;
import dev.retort.gguf.TestRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// GGUF files of two layers with 4 heads of 8 over 2 keys, as llama.cpp's converter writes them.
public final class TinyGguf {

  static final int LAYERS = 2;
  static final int HIDDEN = 32;
  static final int HEADS = 4;
  static final int KEYS = 2;
  static final int HEAD = 8;
  static final int FEED_FORWARD = 64;
  static final int CONTEXT = 128;

  private final Architecture architecture;
  private final SequencedMap<String, GgufValue> values = new LinkedHashMap<>();
  private final SequencedMap<String, FloatRows> tensors = new LinkedHashMap<>();
  private int made;

  private TinyGguf(Architecture architecture) {
    this.architecture = architecture;
  }

  /// Writes a Llama.
  public static Path writeLlama(Path file) throws IOException {
    return of(Architecture.LLAMA).write(file);
  }

  /// A model of this architecture with a fitting tokenizer.
  static TinyGguf of(Architecture architecture) {
    TinyGguf tiny = new TinyGguf(architecture);
    tiny.put("general.architecture", new GgufValue.Text(architecture.ggufName()));
    tiny.hyperparameters();
    boolean letters = architecture == Architecture.LLAMA || architecture == Architecture.GEMMA3;
    int tokens = letters ? tiny.letters() : tiny.bytes();
    tiny.tensors(tokens);
    return tiny;
  }

  /// Adds or replaces a value.
  TinyGguf put(String key, GgufValue value) {
    values.put(key, value);
    return this;
  }

  TinyGguf remove(String key) {
    values.remove(key);
    return this;
  }

  /// Adds a tensor of numbers that no other tensor has.
  TinyGguf tensor(String name, long... shape) {
    int rows = shape.length == 1 ? 1 : Math.toIntExact(shape[0]);
    float[][] numbers = TestRows.waves(rows, Math.toIntExact(shape[shape.length - 1])).values();
    made++;
    for (float[] row : numbers) {
      for (int i = 0; i < row.length; i++) {
        row[i] += made;
      }
    }
    return tensor(name, shape.length == 1 ? new HeldRow(numbers[0]) : new TestRows(numbers));
  }

  TinyGguf tensor(String name, FloatRows rows) {
    tensors.put(name, rows);
    return this;
  }

  Path write(Path file) throws IOException {
    List<GgufWriter.Entry> entries = new ArrayList<>();
    tensors.forEach((name, rows) -> entries.add(new GgufWriter.Entry(name, GgufType.F32, rows)));
    GgufWriter.write(file, new GgufMetadata("tiny", values), entries);
    return file;
  }

  private void hyperparameters() {
    String prefix = architecture.ggufName() + ".";
    put(prefix + "block_count", GgufValue.uint32(LAYERS));
    put(prefix + "context_length", GgufValue.uint32(CONTEXT));
    put(prefix + "embedding_length", GgufValue.uint32(HIDDEN));
    put(prefix + "feed_forward_length", GgufValue.uint32(FEED_FORWARD));
    put(prefix + "attention.head_count", GgufValue.uint32(HEADS));
    if (architecture == Architecture.GPT2) {
      put(prefix + "attention.layer_norm_epsilon", GgufValue.float32(1e-5f));
      return;
    }
    put(prefix + "attention.layer_norm_rms_epsilon", GgufValue.float32(1e-6f));
    put(prefix + "attention.head_count_kv", GgufValue.uint32(KEYS));
    put(prefix + "attention.key_length", GgufValue.uint32(HEAD));
    put(prefix + "rope.freq_base", GgufValue.float32(50_000));
    if (architecture == Architecture.GEMMA3) {
      put(prefix + "attention.sliding_window", GgufValue.uint32(16));
    }
  }

  /// A vocabulary of letters: `▁a`, `▁ab` and so on are made of their parts by scores.
  private int letters() {
    List<String> texts = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    List<Integer> types = new ArrayList<>(List.of(2, 3, 3));
    for (int i = 0; i < 256; i++) {
      texts.add("<0x%02X>".formatted(i));
      types.add(6);
    }
    for (String text : List.of("ab", "▁ab", "bc", "▁", "a", "b", "c")) {
      texts.add(text);
      types.add(1);
    }
    texts.add("  ");
    types.add(4);
    List<Float> scores = new ArrayList<>();
    for (int id = 0; id < texts.size(); id++) {
      scores.add(types.get(id) == 1 ? -(float) id : 0);
    }
    put("tokenizer.ggml.model", new GgufValue.Text("llama"));
    put("tokenizer.ggml.tokens", GgufValue.texts(texts));
    put("tokenizer.ggml.scores", GgufValue.float32s(scores));
    put("tokenizer.ggml.token_type", GgufValue.int32s(types));
    put("tokenizer.ggml.bos_token_id", GgufValue.uint32(1));
    put("tokenizer.ggml.eos_token_id", GgufValue.uint32(2));
    put("tokenizer.ggml.unknown_token_id", GgufValue.uint32(0));
    put("tokenizer.ggml.add_space_prefix", new GgufValue.Bool(architecture == Architecture.LLAMA));
    return texts.size();
  }

  /// A vocabulary of bytes in which `Ġ` stands for a space.
  private int bytes() {
    List<String> texts =
        List.of("<|end|>", "a", "b", "Ġ", "1", "2", "ab", "Ġab", "12", "<x>", "[PAD10]");
    put("tokenizer.ggml.model", new GgufValue.Text("gpt2"));
    put(
        "tokenizer.ggml.pre",
        new GgufValue.Text(architecture == Architecture.GPT2 ? "gpt-2" : "qwen2"));
    put("tokenizer.ggml.tokens", GgufValue.texts(texts));
    put("tokenizer.ggml.token_type", GgufValue.int32s(List.of(3, 1, 1, 1, 1, 1, 1, 1, 1, 4, 5)));
    put("tokenizer.ggml.merges", GgufValue.texts(List.of("a b", "Ġ ab", "1 2")));
    put("tokenizer.ggml.eos_token_id", GgufValue.uint32(0));
    put("tokenizer.chat_template", new GgufValue.Text("{{ messages }}"));
    return texts.size();
  }

  private void tensors(int tokens) {
    tensor("token_embd.weight", tokens, HIDDEN);
    if (architecture == Architecture.GPT2) {
      tensor("position_embd.weight", CONTEXT, HIDDEN);
    }
    for (int layer = 0; layer < LAYERS; layer++) {
      String block = "blk." + layer + ".";
      if (architecture == Architecture.GPT2) {
        gpt2(block);
      } else {
        modern(block);
      }
    }
    tensor("output_norm.weight", HIDDEN);
    if (architecture == Architecture.GPT2) {
      tensor("output_norm.bias", HIDDEN);
    }
    if (architecture == Architecture.LLAMA) {
      tensor("output.weight", tokens, HIDDEN);
    }
  }

  private void modern(String block) {
    tensor(block + "attn_norm.weight", HIDDEN);
    tensor(block + "attn_q.weight", (long) HEADS * HEAD, HIDDEN);
    tensor(block + "attn_k.weight", (long) KEYS * HEAD, HIDDEN);
    tensor(block + "attn_v.weight", (long) KEYS * HEAD, HIDDEN);
    tensor(block + "attn_output.weight", HIDDEN, (long) HEADS * HEAD);
    tensor(block + "ffn_norm.weight", HIDDEN);
    tensor(block + "ffn_gate.weight", FEED_FORWARD, HIDDEN);
    tensor(block + "ffn_up.weight", FEED_FORWARD, HIDDEN);
    tensor(block + "ffn_down.weight", HIDDEN, FEED_FORWARD);
    if (architecture == Architecture.QWEN2 || architecture == Architecture.LLAMA) {
      tensor(block + "attn_q.bias", (long) HEADS * HEAD);
      tensor(block + "attn_k.bias", (long) KEYS * HEAD);
      tensor(block + "attn_v.bias", (long) KEYS * HEAD);
    }
    if (architecture == Architecture.LLAMA) {
      tensor(block + "attn_output.bias", HIDDEN);
    }
    if (architecture == Architecture.QWEN3 || architecture == Architecture.GEMMA3) {
      tensor(block + "attn_q_norm.weight", HEAD);
      tensor(block + "attn_k_norm.weight", HEAD);
    }
    if (architecture == Architecture.GEMMA3) {
      tensor(block + "post_attention_norm.weight", HIDDEN);
      tensor(block + "post_ffw_norm.weight", HIDDEN);
    }
  }

  private void gpt2(String block) {
    for (String suffix : List.of("attn_norm", "ffn_norm")) {
      tensor(block + suffix + ".weight", HIDDEN);
      tensor(block + suffix + ".bias", HIDDEN);
    }
    tensor(block + "attn_qkv.weight", 3L * HIDDEN, HIDDEN);
    tensor(block + "attn_qkv.bias", 3L * HIDDEN);
    tensor(block + "attn_output.weight", HIDDEN, HIDDEN);
    tensor(block + "attn_output.bias", HIDDEN);
    tensor(block + "ffn_up.weight", FEED_FORWARD, HIDDEN);
    tensor(block + "ffn_up.bias", FEED_FORWARD);
    tensor(block + "ffn_down.weight", HIDDEN, FEED_FORWARD);
    tensor(block + "ffn_down.bias", HIDDEN);
  }
}
