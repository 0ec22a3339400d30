package dev.retort.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

  @TempDir Path folder;

  @Test
  void writesTheGoldenBytes() throws IOException {
    SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
    tensors.put("mask", bytes(DType.INT8, List.of(3L), 1, 2, 3));
    tensors.put("wé", RawTensor.floats(new float[] {1, -2}, 1, 2));
    tensors.put("steps", RawTensor.longs(new long[] {258}));
    Path file = folder.resolve("model.safetensors");

    SafetensorsWriter.write(file, tensors, Map.of("source", "test"));

    String header =
        "{\"__metadata__\":{\"format\":\"pt\",\"source\":\"test\"},"
            + "\"steps\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
            + "\"wé\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[8,16]},"
            + "\"mask\":{\"dtype\":\"I8\",\"shape\":[3],\"data_offsets\":[16,19]}}"
            + "     ";
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    assertThat(json).hasSize(224);
    assertThat(Files.readAllBytes(file))
        .startsWith(224, 0, 0, 0, 0, 0, 0, 0)
        .containsSequence(json)
        .endsWith(2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 1, 2, 3)
        .hasSize(8 + 224 + 19);
  }

  @Test
  void roundTripsScalarsEmptyShapesAndTensorsLargerThanItsBuffer() throws IOException {
    float[] large = new float[300_001];
    for (int i = 0; i < large.length; i++) {
      large[i] = i * 0.5f;
    }
    SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
    tensors.put("scalar", RawTensor.floats(new float[] {42}));
    tensors.put("large", RawTensor.floats(large, large.length));
    tensors.put("empty", RawTensor.floats(new float[0], 0, 3));
    tensors.put("half", bytes(DType.BFLOAT16, List.of(1L), 0x80, 0x3f));
    Path file = folder.resolve("model.safetensors");

    SafetensorsWriter.write(file, tensors, Map.of("format", "np"));

    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThat(read.names()).containsExactly("scalar", "large", "empty", "half");
      assertThat(read.metadata()).isEqualTo(Map.of("format", "np"));
      assertThat(read.get("scalar").shape()).isEmpty();
      assertThat(read.get("scalar").toFloats()).containsExactly(42);
      assertThat(read.get("large").toFloats()).isEqualTo(large);
      assertThat(read.get("empty").shape()).containsExactly(0L, 3L);
      assertThat(read.get("half").dtype()).isEqualTo(DType.BFLOAT16);
      assertThat(read.get("half").bytes().mismatch(tensors.get("half").bytes())).isEqualTo(-1);
    }
  }

  @Test
  void writesTheSameInPartsAsInOnePiece() throws IOException {
    float[] large = new float[300_001];
    for (int i = 0; i < large.length; i++) {
      large[i] = i * 0.5f;
    }
    RawTensor whole = RawTensor.floats(large, large.length);
    Path file = folder.resolve("whole.safetensors");
    Path inParts = folder.resolve("parts.safetensors");
    SafetensorsWriter.write(file, one(whole), Map.of());
    TensorSource source =
        new TensorSource(
            whole.dtype(),
            whole.shape(),
            sink -> {
              for (long at = 0; at < whole.bytes().byteSize(); at += 12_345) {
                long size = Math.min(12_345, whole.bytes().byteSize() - at);
                sink.accept(whole.bytes().asSlice(at, size));
              }
            });

    SafetensorsWriter.writeInParts(
        inParts, new LinkedHashMap<>(Map.of(one(whole).firstEntry().getKey(), source)), Map.of());

    assertThat(inParts).hasSameBinaryContentAs(file);
  }

  @Test
  void refusesContentOfAnotherLengthThanItsShape() throws IOException {
    Path file = folder.resolve("model.safetensors");
    SafetensorsWriter.write(file, one(RawTensor.floats(new float[] {1})), Map.of());
    byte[] before = Files.readAllBytes(file);
    TensorSource shorter =
        new TensorSource(
            DType.FLOAT32, List.of(2L), sink -> sink.accept(MemorySegment.ofArray(new byte[4])));

    assertThatThrownBy(() ->
            SafetensorsWriter.writeInParts(
                file, new LinkedHashMap<>(Map.of("w", shorter)), Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("tensor 'w' has 8 bytes, but 4 were written");
    assertThat(file).hasBinaryContent(before);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void keepsTheOldFileWhenWritingFails() throws IOException {
    Path file = folder.resolve("model.safetensors");
    SafetensorsWriter.write(file, one(RawTensor.floats(new float[] {1})), Map.of());
    byte[] before = Files.readAllBytes(file);
    RawTensor closed;
    try (var arena = java.lang.foreign.Arena.ofConfined()) {
      closed = new RawTensor(DType.INT8, List.of(8L), arena.allocate(8));
    }

    assertThatThrownBy(() -> SafetensorsWriter.write(file, one(closed), Map.of()))
        .isInstanceOf(IllegalStateException.class);

    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void refusesATensorNamedLikeTheMetadata() {
    SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
    tensors.put("__metadata__", RawTensor.floats(new float[] {1}));

    assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("x"), tensors, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("__metadata__");
  }

  private static SequencedMap<String, RawTensor> one(RawTensor tensor) {
    return new LinkedHashMap<>(Map.of("w", tensor));
  }

  private static RawTensor bytes(DType dtype, List<Long> shape, int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return new RawTensor(dtype, shape, MemorySegment.ofArray(bytes));
  }
}
