package dev.retort.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Blocks hold, bit by bit, what ggml reads from them and writes to them. The golden file comes
/// from `bench/peers/gguf_goldens.py`.
class BlockCodecTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TestFactory
  Stream<DynamicTest> aBlockIsReadLikeTheReference() throws IOException {
    return cases("decoded")
        .map(golden ->
            DynamicTest.dynamicTest(
                golden.type().name(),
                () -> {
                  float[] values = new float[golden.weights().length];

                  golden.type().decode(golden.bytes(), values);

                  assertThat(bits(values)).containsExactly(bits(golden.weights()));
                }));
  }

  @TestFactory
  Stream<DynamicTest> aBlockIsWrittenLikeTheReference() throws IOException {
    return cases("encoded")
        .map(golden ->
            DynamicTest.dynamicTest(
                golden.type().name(),
                () -> {
                  byte[] bytes = new byte[golden.bytes().length];

                  golden.type().encode(golden.weights(), golden.weights().length, bytes);

                  assertThat(bytes).containsExactly(golden.bytes());
                }));
  }

  @Test
  void everyTypeIsCompared() throws IOException {
    assertThat(cases("decoded").map(Golden::type)).containsAll(EnumSet.allOf(GgufType.class));
    assertThat(cases("encoded").map(Golden::type)).containsAll(EnumSet.allOf(GgufType.class));
  }

  @Test
  void moreBitsLoseLess() {
    float[] weights = new float[256];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) Math.sin(i * i);
    }

    assertThat(error(GgufType.Q8_0, weights)).isLessThan(error(GgufType.Q6_K, weights));
    assertThat(error(GgufType.Q6_K, weights)).isLessThan(error(GgufType.Q5_K, weights));
    assertThat(error(GgufType.Q5_K, weights)).isLessThan(error(GgufType.Q4_K, weights));
    assertThat(error(GgufType.Q4_K, weights)).isLessThan(0.1);
  }

  private static double error(GgufType type, float[] weights) {
    byte[] bytes = new byte[type.rowBytes(weights.length)];
    type.encode(weights, weights.length, bytes);
    float[] read = new float[weights.length];
    type.decode(bytes, read);
    double squares = 0;
    for (int i = 0; i < weights.length; i++) {
      squares += Math.pow(read[i] - weights[i], 2);
    }
    return Math.sqrt(squares / weights.length);
  }

  /// Weights and the blocks that hold them.
  @SuppressWarnings("ArrayRecordComponent") // read from the golden file and not changed
  private record Golden(GgufType type, float[] weights, byte[] bytes) {

    static Golden of(JsonNode node) {
      byte[] weights = HexFormat.of().parseHex(node.get("weights").stringValue());
      float[] floats = new float[weights.length / Float.BYTES];
      ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
      return new Golden(
          GgufType.valueOf(node.get("type").stringValue()),
          floats,
          HexFormat.of().parseHex(node.get("bytes").stringValue()));
    }
  }

  private static Stream<Golden> cases(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(BlockCodecTest.class.getResourceAsStream("/gguf/blocks.json"))) {
      return JSON
          .readTree(in.readAllBytes())
          .get(name)
          .valueStream()
          .map(Golden::of)
          .toList()
          .stream();
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
