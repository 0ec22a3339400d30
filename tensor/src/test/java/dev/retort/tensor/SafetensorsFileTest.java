package dev.retort.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("model.safetensors");
  }

  @Test
  void readsAFileOfTheReferenceImplementation() throws IOException {
    // What safetensors.numpy.save of Python's safetensors 0.8.0 returns for an int64 scalar,
    // an empty float32 [0, 3] and a float16 [2].
    String header =
        "{\"__metadata__\":{\"k\":\"v\"},"
            + "\"a\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
            + "\"e\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[8,8]},"
            + "\"b\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[8,12]}}     ";
    write(header, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0x3e, 0, 0xc0);

    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThat(read.names()).containsExactly("a", "e", "b");
      assertThat(read.metadata()).isEqualTo(Map.of("k", "v"));
      assertThat(read.get("a").toLongs()).containsExactly(7);
      assertThat(read.get("e").shape()).containsExactly(0L, 3L);
      assertThat(read.get("b").dtype()).isEqualTo(DType.FLOAT16);
      assertThat(read.get("b").bytes().toArray(ValueLayout.JAVA_BYTE))
          .containsExactly(0, 0x3e, 0, 0xc0);
    }
  }

  @Test
  void listsNearNamesForAnUnknownOne() throws IOException {
    SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
    for (String name : new String[] {"pooler.bias", "layer.0.bias", "layer.1.bias", "x"}) {
      tensors.put(name, RawTensor.floats(new float[] {1}));
    }
    SafetensorsWriter.write(file, tensors, Map.of());

    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThatThrownBy(() -> read.get("layer.2.bias"))
          .isInstanceOf(NoSuchElementException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("no tensor 'layer.2.bias' among its 4")
          .hasMessageContaining("[layer.0.bias, layer.1.bias, pooler.bias]");
    }
  }

  @Test
  void refusesReadsAfterClosing() throws IOException {
    write("{\"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 5);
    SafetensorsFile read = SafetensorsFile.open(file);
    RawTensor tensor = read.get("w");
    read.close();

    assertThatThrownBy(() -> tensor.bytes().get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "F8"|[8]|[0,8]|dtype 'F8' is not one of [F64, F32, F16, BF16, I64, I32, I8, U8, BOOL]
          7|[8]|[0,8]|dtype '7' is not one of
          "F32"|[3]|[0,8]|F32 [3] needs 12 bytes, but data_offsets [0, 8] hold 8
          "F32"|[-2]|[0,8]|shape must be a list of whole numbers >= 0, found [-2]
          "F32"|[2.0]|[0,8]|shape must be a list of whole numbers >= 0, found [2.0]
          "F32"|2|[0,8]|shape must be a list of whole numbers >= 0, found 2
          "F32"|[99999999999999999999]|[0,8]|shape must be a list of whole numbers
          "F32"|[4294967296,4294967296]|[0,8]|[4294967296, 4294967296] is too large
          "F32"|[2]|null|data_offsets must be a list of whole numbers >= 0, found null
          "F32"|[2]|[0]|data_offsets must be [begin, end] with begin <= end, found [0]
          "F32"|[2]|[8,0]|data_offsets must be [begin, end] with begin <= end, found [8, 0]
          "F32"|[2]|[4,12]|its data begins at 4, expected 0: there is a hole before it
          """)
  void namesWhatIsWrongWithATensor(String dtype, String shape, String offsets, String problem)
      throws IOException {
    write("{\"w\":" + entry(dtype, shape, offsets) + "}", 0, 0, 0, 0, 0, 0, 0, 0);

    assertDamaged().hasMessageContaining("tensor 'w': ").hasMessageContaining(problem);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"w":7}|tensor 'w': dtype '' is not one of
          {"w":{"dtype":"U8","dtype":"U8"}}|Duplicate Object property "dtype"
          {"w":{},"w":{}}|Duplicate Object property "w"
          {"__metadata__":7}|__metadata__ must be an object of strings, found 7
          {"__metadata__":{"format":7}}|__metadata__.format must be a string, found 7
          {"w":|the header is not valid JSON
          {} {}|the header is not valid JSON
          []|the header does not begin with '{'
          ` {}`|the header does not begin with '{'
          """)
  void namesWhatIsWrongWithTheHeader(String header, String problem) throws IOException {
    write(header);

    assertDamaged().hasMessageContaining(problem);
  }

  @Test
  void refusesTensorsThatDoNotCoverTheData() throws IOException {
    String first = "{\"w\":" + entry("\"U8\"", "[4]", "[0,4]");
    write(first + ",\"v\":" + entry("\"U8\"", "[4]", "[2,6]") + "}", 1, 2, 3, 4, 5, 6);
    assertDamaged()
        .hasMessageContaining("tensor 'v': its data begins at 2, expected 4: two tensors overlap");

    write(first + "}", 1, 2);
    assertDamaged()
        .hasMessageContaining("describes 4 bytes of data, the file holds 2: it was cut short");

    write(first + "}", 1, 2, 3, 4, 5);
    assertDamaged().hasMessageContaining("describes 4 bytes of data, the file holds 5;");
  }

  @Test
  void namesAWrongHeaderLength() throws IOException {
    Files.write(file, new byte[] {3, 0, 0});
    assertDamaged().hasMessageContaining("expected at least 8 bytes, found 3");

    Files.write(file, new byte[] {3, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
    assertDamaged().hasMessageContaining("should be 3 bytes long, but 2 follow");

    Files.write(file, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, '{', '}'});
    assertDamaged().hasMessageContaining("should be 18446744073709551615 bytes long");
  }

  @Test
  void refusesAHeaderBeyondTheLimitOfTheFormat() throws IOException {
    try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(200_000_000);
      sparse.write(new byte[] {1, (byte) 0xe1, (byte) 0xf5, 5, 0, 0, 0, 0, '{'});
    }

    assertDamaged().hasMessageContaining("should be 100000001 bytes long");
  }

  @Test
  void refusesAHeaderThatIsNotUtf8() throws IOException {
    Files.write(file, new byte[] {3, 0, 0, 0, 0, 0, 0, 0, '{', (byte) 0xff, '}'});

    assertDamaged().hasMessageContaining("not UTF-8");
  }

  @Test
  void refusesEveryTruncation() throws IOException {
    byte[] whole = smallFile();
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));

      assertDamaged();
    }
  }

  @Test
  void neverFailsOtherwiseWhenAnyByteIsChanged() throws IOException {
    byte[] whole = smallFile();
    int refused = 0;
    for (int at = 0; at < whole.length; at++) {
      for (int flip : new int[] {1, 2, 16, 128}) {
        byte[] changed = whole.clone();
        changed[at] ^= (byte) flip;
        Files.write(file, changed);
        refused += opens() ? 0 : 1;
      }
    }
    assertThat(refused).isGreaterThan(whole.length);
  }

  private boolean opens() throws IOException {
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThat(read.names()).allSatisfy(name -> assertThat(read.get(name)).isNotNull());
      return true;
    } catch (SafetensorsException refusal) {
      return false;
    }
  }

  private byte[] smallFile() throws IOException {
    SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
    tensors.put("w", RawTensor.floats(new float[] {1, 2, 3, 4}, 2, 2));
    tensors.put("b", RawTensor.longs(new long[] {5}));
    SafetensorsWriter.write(file, tensors, Map.of());
    return Files.readAllBytes(file);
  }

  private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertDamaged() {
    return assertThatThrownBy(() -> SafetensorsFile.open(file).close())
        .isInstanceOf(SafetensorsException.class)
        .hasMessageContaining(file.toString());
  }

  private static String entry(String dtype, String shape, String offsets) {
    return "{\"dtype\":%s,\"shape\":%s,\"data_offsets\":%s}".formatted(dtype, shape, offsets);
  }

  private void write(String header, int... data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer =
        ByteBuffer.allocate(Long.BYTES + json.length + data.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json);
    for (int value : data) {
      buffer.put((byte) value);
    }
    Files.write(file, buffer.array());
  }
}
