package dev.retort.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is written is read again, and no damaged file is believed.
class GgufFileTest {

  /// Where things lie in [#smallest]: magic, version, tensors, entries; then a key of 1 byte.
  private static final int VERSION_AT = 4;

  private static final int TENSORS_AT = 8;
  private static final int ENTRIES_AT = 16;
  private static final int KEY_AT = 24;
  private static final int TYPE_AT = KEY_AT + 8 + 1;
  private static final int VALUE_AT = TYPE_AT + 4;
  private static final int NAME_AT = VALUE_AT + 4;
  private static final int DIMENSIONS_AT = NAME_AT + 8 + 1;
  private static final int SHAPE_AT = DIMENSIONS_AT + 4;
  private static final int TENSOR_TYPE_AT = SHAPE_AT + 16;
  private static final int OFFSET_AT = TENSOR_TYPE_AT + 4;

  @TempDir Path folder;

  @Test
  void everyKindOfMetadataComesBack() throws IOException {
    SequencedMap<String, GgufValue> values = new LinkedHashMap<>();
    values.put("u8", new GgufValue.Whole(GgufValueType.UINT8, 255));
    values.put("i8", new GgufValue.Whole(GgufValueType.INT8, -1));
    values.put("u16", new GgufValue.Whole(GgufValueType.UINT16, 65535));
    values.put("i16", new GgufValue.Whole(GgufValueType.INT16, -2));
    values.put("u32", GgufValue.uint32(4294967295L));
    values.put("i32", new GgufValue.Whole(GgufValueType.INT32, -3));
    values.put("u64", new GgufValue.Whole(GgufValueType.UINT64, -1));
    values.put("i64", new GgufValue.Whole(GgufValueType.INT64, Long.MIN_VALUE));
    values.put("f32", GgufValue.float32(0.1f));
    values.put("f64", new GgufValue.Real(GgufValueType.FLOAT64, 0.1));
    values.put("flag", new GgufValue.Bool(true));
    values.put("text", new GgufValue.Text("Ġ世界 🚀"));
    values.put("texts", GgufValue.texts(List.of("a", "", "ß")));
    values.put("numbers", GgufValue.int32s(List.of(1, -1)));
    values.put("reals", GgufValue.float32s(List.of(0.5f)));
    values.put(
        "nested",
        new GgufValue.Array(
            GgufValueType.ARRAY,
            List.of(GgufValue.texts(List.of("x")), GgufValue.texts(List.of()))));
    Path file = write("all.gguf", values, Map.of());

    try (GgufFile read = GgufFile.open(file)) {
      assertThat(read.metadata().values()).containsExactlyEntriesOf(values);
      assertThat(read.tensors()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void tensorsOfEveryTypeComeBack(GgufType type) throws IOException {
    TestRows rows = TestRows.waves(3, 512);
    Path file = folder.resolve("model.gguf");
    GgufWriter.write(
        file,
        new GgufMetadata("test", new LinkedHashMap<>()),
        List.of(
            new GgufWriter.Entry("first", GgufType.F32, TestRows.waves(1, 5)),
            new GgufWriter.Entry("second", type, rows)));

    try (GgufFile read = GgufFile.open(file)) {
      GgufTensor tensor = read.get("second");
      float[] expected = new float[512];
      byte[] bytes = new byte[type.rowBytes(512)];
      type.encode(rows.values()[2], 512, bytes);
      type.decode(bytes, expected);
      assertThat(tensor.type()).isEqualTo(type);
      assertThat(tensor.shape()).containsExactly(3L, 512L);
      assertThat(Arrays.copyOfRange(tensor.toFloats(), 1024, 1536)).containsExactly(expected);
      assertThat(read.get("first").toFloats()).containsExactly(TestRows.waves(1, 5).values()[0]);
    }
  }

  @Test
  void blocksOfTheWantedTypeAreCopied() throws IOException {
    Path first = folder.resolve("first.gguf");
    Path second = folder.resolve("second.gguf");
    GgufMetadata metadata = new GgufMetadata("test", new LinkedHashMap<>());
    GgufWriter.write(
        first, metadata, List.of(new GgufWriter.Entry("w", GgufType.Q4_K, TestRows.waves(4, 256))));

    try (GgufFile read = GgufFile.open(first)) {
      GgufWriter.write(
          second, metadata, List.of(new GgufWriter.Entry("w", GgufType.Q4_K, read.get("w"))));
    }

    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void anotherAlignmentIsKept() throws IOException {
    Path file =
        write(
            "model.gguf",
            Map.of("general.alignment", GgufValue.uint32(64)),
            Map.of("w", TestRows.waves(1, 3)));

    assertThat(Files.size(file) % 64).isZero();
    try (GgufFile read = GgufFile.open(file)) {
      assertThat(read.get("w").toFloats()).hasSize(3);
    }
  }

  @Test
  void version2IsReadToo() throws IOException {
    Path file = damaged(bytes -> bytes.putInt(VERSION_AT, 2));

    try (GgufFile read = GgufFile.open(file)) {
      assertThat(read.metadata().size("k")).isEqualTo(7);
    }
  }

  @Test
  void aSplitModelIsOpenedByAnyOfItsFiles() throws IOException {
    Path first = part(0, 2, 2, "a");
    Path second = part(1, 2, 2, "b");

    for (Path file : List.of(first, second)) {
      try (GgufFile read = GgufFile.open(file)) {
        assertThat(read.tensors().keySet()).containsExactly("a", "b");
        assertThat(read.metadata().findSize("split.no")).contains(0);
      }
    }
  }

  @Test
  void aSplitModelMustBeComplete() throws IOException {
    Path first = part(0, 2, 3, "a");
    Path second = part(1, 2, 3, "b");

    refused(first, "m-00001-of-00002.gguf: the 2 files should hold 3 tensors, but hold 2");
    Files.delete(second);
    assertThatThrownBy(() -> GgufFile.open(first)).isInstanceOf(IOException.class);
  }

  @Test
  void filesOfTwoSplitModelsAreNotMixed() throws IOException {
    Path first = part(0, 2, 2, "a");
    Path second = part(1, 2, 2, "a");

    refused(first, second + ": tensor 'a' is in an earlier file of the split model too");
    Files.copy(first, second, StandardCopyOption.REPLACE_EXISTING);
    refused(first, second + ": expected file 2 of 2, found file 1 of 2");
  }

  @Test
  void aSplitFileNeedsItsName() throws IOException {
    Path renamed = Files.move(part(0, 2, 2, "a"), folder.resolve("model.gguf"));

    refused(renamed, "its name must end in -00001-of-00002.gguf");
  }

  @Test
  void noDamagedHeaderIsBelieved() throws IOException {
    refused(damaged(b -> b.putInt(0, 0x12345678)), "not a GGUF file: it begins with 78563412");
    refused(damaged(b -> b.putInt(VERSION_AT, 1)), "version 1 of GGUF cannot be read");
    refused(damaged(b -> b.putInt(VERSION_AT, 3 << 24)), "version (big-endian) of GGUF");
    refused(damaged(b -> b.putLong(TENSORS_AT, -1)), "should be 18446744073709551615 tensors");
    refused(damaged(b -> b.putLong(TENSORS_AT, 1 << 20)), "should be 1048576 tensors, but");
    refused(damaged(b -> b.putLong(ENTRIES_AT, 1L << 62)), "4611686018427387904 metadata entries");
    refused(damaged(b -> b.putLong(KEY_AT, 1L << 40)), "bytes of the name of metadata entry 0");
    refused(damaged(b -> b.put(KEY_AT + 8, (byte) 0xFF)), "entry 0 is not UTF-8 text: 'ÿ'");
    refused(damaged(b -> b.putInt(TYPE_AT, 99)), "metadata 'k' has the type 99; the types are 0");
    refused(damaged(b -> b.putInt(TYPE_AT, 7)), "metadata 'k' must be 0 or 1, found 7");
  }

  @Test
  void noDamagedTensorIsBelieved() throws IOException {
    String tensor = "tensor 'w'";
    refused(damaged(b -> b.putInt(DIMENSIONS_AT, 5)), tensor + " has 5 dimensions; allowed are 1");
    refused(damaged(b -> b.putInt(DIMENSIONS_AT, 0)), tensor + " has 0 dimensions");
    refused(damaged(b -> b.putLong(SHAPE_AT, 0)), tensor + " has a dimension of 0");
    refused(damaged(b -> b.putLong(SHAPE_AT, -1)), tensor + " has a dimension of 1844674407370955");
    refused(damaged(b -> b.putInt(TENSOR_TYPE_AT, 10)), tensor + " has the type 10, which is not");
    refused(damaged(b -> b.putInt(TENSOR_TYPE_AT, 2)), "rows of 4 elements are no whole number");
    refused(damaged(b -> b.putLong(OFFSET_AT, 1)), "the offset 1 is not a multiple of 32");
    refused(
        damaged(b -> b.putLong(OFFSET_AT, 320)), tensor + " should take 32 bytes from byte 320");
    refused(
        damaged(b -> b.putLong(SHAPE_AT + 8, Integer.MAX_VALUE)),
        tensor + " should take 34359738352 bytes from byte 0");
  }

  @Test
  void noTensorLiesWithinAnother() throws IOException {
    Path file =
        write(
            "two.gguf",
            Map.of(),
            new LinkedHashMap<>(Map.of("v", TestRows.waves(1, 32), "w", TestRows.waves(1, 32))));
    byte[] bytes = Files.readAllBytes(file);
    int offsetAt = 24 + 2 * 41 - 8;
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(offsetAt, 64);

    refused(Files.write(file, bytes), "begins at byte 64 of the data, within the tensor before");
  }

  @Test
  void noPrefixOfAFileIsBelieved() throws IOException {
    byte[] whole = Files.readAllBytes(smallest());
    Path file = folder.resolve("cut.gguf");
    for (int size = 0; size < whole.length; size++) {
      Files.write(file, Arrays.copyOf(whole, size));

      assertThatThrownBy(() -> GgufFile.open(file))
          .as("%d bytes", size)
          .isInstanceOf(GgufException.class)
          .hasMessageStartingWith(file.toString());
    }
  }

  @Test
  void aFlippedByteNeverCausesAnythingButARefusal() throws IOException {
    byte[] whole = Files.readAllBytes(smallest());
    Path file = folder.resolve("flipped.gguf");
    int refusals = 0;
    for (int at = 0; at < OFFSET_AT + 8; at++) {
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        byte[] flipped = whole.clone();
        flipped[at] ^= (byte) (1 << bit);
        Files.write(file, flipped);
        try (GgufFile read = GgufFile.open(file)) {
          read.tensors().values().forEach(GgufTensor::toFloats);
        } catch (GgufException refusal) {
          refusals++;
        }
      }
    }
    assertThat(refusals).isGreaterThan(500);
  }

  @Test
  void aValueOfAnotherTypeIsNamed() throws IOException {
    try (GgufFile read = GgufFile.open(smallest())) {
      assertThatThrownBy(() -> read.metadata().text("k"))
          .isInstanceOf(GgufException.class)
          .hasMessageContaining("metadata 'k' must be a text, found Whole[type=UINT32, value=7]");
      assertThatThrownBy(() -> read.metadata().size("llama.block_count"))
          .isInstanceOf(GgufException.class)
          .hasMessageContaining("the metadata has no 'llama.block_count'");
    }
  }

  @Test
  void whatATypeCannotHoldIsRefusedAndTheOldFileStays() throws IOException {
    Path file = smallest();
    byte[] before = Files.readAllBytes(file);
    TestRows large = new TestRows(new float[][] {{1, 70_000}});

    assertThatThrownBy(() -> overwrite(file, "w", GgufType.F16, large))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining("tensor 'w' has the weight 70000.0 in row 0, column 1; F16 stores")
        .hasMessageContaining("use BF16 or F32");
    assertThatThrownBy(
            () -> overwrite(file, "w", GgufType.F32, new TestRows(new float[][] {{Float.NaN}})))
        .hasMessageContaining("the weight NaN")
        .hasMessageContaining("the model is damaged");
    assertThatThrownBy(() -> overwrite(file, "w", GgufType.Q4_0, large))
        .hasMessageContaining("rows of 2 elements, which are no whole number of blocks of Q4_0");
    assertThatThrownBy(() -> overwrite(file, "w".repeat(64), GgufType.F32, large))
        .hasMessageContaining("at most 63 bytes");
    assertThat(file).hasBinaryContent(before);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  private static void overwrite(Path file, String name, GgufType type, FloatRows rows)
      throws IOException {
    GgufWriter.write(
        file,
        new GgufMetadata("test", new LinkedHashMap<>()),
        List.of(new GgufWriter.Entry(name, type, rows)));
  }

  private static void refused(Path file, String message) {
    assertThatThrownBy(() -> GgufFile.open(file).close())
        .isInstanceOf(GgufException.class)
        .hasMessageContaining(message);
  }

  /// A file with one entry `k` = 7 and one tensor `w` of 2 × 4 singles.
  private Path smallest() throws IOException {
    return write(
        "smallest.gguf", Map.of("k", GgufValue.uint32(7)), Map.of("w", TestRows.waves(2, 4)));
  }

  private Path damaged(Consumer<ByteBuffer> damage) throws IOException {
    byte[] bytes = Files.readAllBytes(smallest());
    damage.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return Files.write(folder.resolve("damaged.gguf"), bytes);
  }

  private Path part(int number, int count, int tensors, String name) throws IOException {
    Map<String, GgufValue> values =
        Map.of(
            "split.no", new GgufValue.Whole(GgufValueType.UINT16, number),
            "split.count", new GgufValue.Whole(GgufValueType.UINT16, count),
            "split.tensors.count", new GgufValue.Whole(GgufValueType.INT32, tensors));
    String file = "m-%05d-of-%05d.gguf".formatted(number + 1, count);
    return write(file, values, Map.of(name, TestRows.waves(1, 4)));
  }

  private Path write(String name, Map<String, GgufValue> values, Map<String, TestRows> tensors)
      throws IOException {
    Path file = folder.resolve(name);
    List<GgufWriter.Entry> entries = new ArrayList<>();
    tensors.forEach(
        (tensor, rows) -> entries.add(new GgufWriter.Entry(tensor, GgufType.F32, rows)));
    GgufWriter.write(file, new GgufMetadata("test", new LinkedHashMap<>(values)), entries);
    return file;
  }
}
