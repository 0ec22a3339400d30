package dev.retort.gguf.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.gguf.GgufException;
import dev.retort.gguf.GgufFile;
import dev.retort.gguf.GgufType;
import dev.retort.runtime.Tokenizer;
import dev.retort.tensor.DType;
import dev.retort.tensor.SafetensorsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checkpoints of llama2.c are read tensor by tensor.
class Llama2cFileTest {

  private static final int HIDDEN = 8;
  private static final int FEED_FORWARD = 12;
  private static final int LAYERS = 2;
  private static final int HEADS = 2;
  private static final int KEYS = 1;
  private static final int TOKENS = 262;
  private static final int CONTEXT = 16;
  private static final int HEAD = HIDDEN / HEADS;

  @TempDir Path temporary;

  @Test
  void everyTensorIsFoundInItsPlace() throws IOException {
    Path gguf = temporary.resolve("model.gguf");

    GgufConversion.llama2cToGguf(checkpoint(-TOKENS), tokens(TOKENS), gguf, GgufType.F32);

    try (GgufFile file = GgufFile.open(gguf)) {
      int at = 0;
      assertThat(first(file, "token_embd.weight")).isEqualTo(at);
      at += TOKENS * HIDDEN;
      assertThat(first(file, "blk.1.attn_norm.weight")).isEqualTo(at + HIDDEN);
      at += LAYERS * HIDDEN;
      assertThat(first(file, "blk.1.attn_q.weight")).isEqualTo(at + HIDDEN * HIDDEN);
      at += LAYERS * HIDDEN * HIDDEN;
      assertThat(first(file, "blk.1.attn_k.weight")).isEqualTo(at + HEAD * HIDDEN);
      at += 2 * LAYERS * HEAD * HIDDEN + LAYERS * HIDDEN * HIDDEN;
      assertThat(first(file, "blk.0.ffn_norm.weight")).isEqualTo(at);
      at += LAYERS * HIDDEN;
      assertThat(first(file, "blk.0.ffn_gate.weight")).isEqualTo(at);
      at += LAYERS * HIDDEN * FEED_FORWARD;
      assertThat(first(file, "blk.0.ffn_down.weight")).isEqualTo(at);
      assertThat(file.get("blk.0.ffn_down.weight").shape())
          .containsExactly((long) HIDDEN, (long) FEED_FORWARD);
      at += LAYERS * HIDDEN * FEED_FORWARD;
      assertThat(first(file, "blk.0.ffn_up.weight")).isEqualTo(at);
      at += LAYERS * HIDDEN * FEED_FORWARD;
      assertThat(first(file, "output_norm.weight")).isEqualTo(at);
      assertThat(first(file, "output.weight")).isEqualTo(at + HIDDEN + CONTEXT * HEAD);
      assertThat(file.metadata().size("llama.attention.head_count_kv")).isEqualTo(KEYS);
    }
  }

  @Test
  void aTiedCheckpointHasNoOutputMatrix() throws IOException {
    Path folder = temporary.resolve("folder");

    GgufConversion.llama2cToFolder(checkpoint(TOKENS), tokens(TOKENS), folder, DType.FLOAT32);

    assertThat(Files.readString(folder.resolve("config.json")))
        .contains("\"tie_word_embeddings\" : true");
    try (SafetensorsFile weights = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
      assertThat(weights.names()).contains("model.norm.weight").doesNotContain("lm_head.weight");
    }
    try (Tokenizer tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"))) {
      assertThat(tokenizer.encode("t", 10).ids()).containsExactly(1, 261);
      assertThat(tokenizer.encode("ß", 10).ids()).containsExactly(1, 259, 3 + 0xC3, 3 + 0x9F);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    Path cut = temporary.resolve("cut.bin");
    byte[] whole = Files.readAllBytes(checkpoint(TOKENS));
    Files.write(cut, Arrays.copyOf(whole, whole.length - 4));
    refused(
        cut,
        tokens(TOKENS),
        "a checkpoint of this shape has %d bytes, found %d"
            .formatted(whole.length, whole.length - 4));
    Files.write(cut, Arrays.copyOf(whole, 20));
    refused(cut, tokens(TOKENS), "expected at least 28 bytes, found 20");
    Files.write(cut, new byte[28]);
    refused(cut, tokens(TOKENS), "number 0 of the header is 0; it is no checkpoint of llama2.c");
    refused(
        checkpoint(TOKENS), tokens(TOKENS - 1), "has 262 tokens, but the file ends in token 261");
    refused(
        checkpoint(TOKENS),
        tokens(TOKENS + 1),
        "has 262 tokens, but the file goes on for 10 bytes");
  }

  private void refused(Path checkpoint, Path tokenizer, String message) {
    Path target = temporary.resolve("none.gguf");
    assertThatThrownBy(
            () -> GgufConversion.llama2cToGguf(checkpoint, tokenizer, target, GgufType.F32))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining(message);
    assertThat(target).doesNotExist();
  }

  private static float first(GgufFile file, String tensor) {
    return file.get(tensor).toFloats()[0];
  }

  /// A checkpoint in which every number says its place.
  private Path checkpoint(int vocabulary) throws IOException {
    int layer =
        2 * HIDDEN + 2 * HIDDEN * HIDDEN + 2 * HEAD * KEYS * HIDDEN + 3 * HIDDEN * FEED_FORWARD;
    int count =
        TOKENS * HIDDEN * (vocabulary < 0 ? 2 : 1) + LAYERS * layer + HIDDEN + CONTEXT * HEAD;
    ByteBuffer buffer = ByteBuffer.allocate(4 * (7 + count)).order(ByteOrder.LITTLE_ENDIAN);
    for (int number : new int[] {HIDDEN, FEED_FORWARD, LAYERS, HEADS, KEYS, vocabulary, CONTEXT}) {
      buffer.putInt(number);
    }
    for (int i = 0; i < count; i++) {
      buffer.putFloat(i);
    }
    return Files.write(temporary.resolve("checkpoint.bin"), buffer.array());
  }

  private Path tokens(int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(7);
    for (int id = 0; id < count; id++) {
      String text =
          switch (id) {
            case 0 -> "<unk>";
            case 1 -> "\n<s>\n";
            case 2 -> "\n</s>\n";
            case 259 -> " ";
            case 260 -> "t";
            case 261 -> " t";
            default -> id < 259 ? "<0x%02X>".formatted(id - 3) : "é";
          };
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      buffer.putFloat(-id).putInt(bytes.length).put(bytes);
    }
    byte[] written = Arrays.copyOf(buffer.array(), buffer.position());
    return Files.write(temporary.resolve("tokenizer.bin"), written);
  }
}
