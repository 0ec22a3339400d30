package dev.retort.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBundleTest {

  private static final String DATA = "variables.data-00000-of-00001";

  private final TinyBundle tiny = new TinyBundle();

  @TempDir Path folder;

  @BeforeEach
  void addVariables() {
    tiny.add("module/bert/layer_0/kernel", List.of(2L, 3L), 1, 2, 3, 4, 5, 6);
    tiny.add("module/bert/layer_0/bias", List.of(3L), -1, -2, -3);
    tiny.add("module/bert/layer_10/bias", List.of(1L), 7);
    tiny.add("module/scalar", List.of(), 0.5f);
  }

  @Test
  void readsEveryVariable() throws IOException {
    tiny.write(folder);

    try (TensorBundle bundle = TensorBundle.open("tiny", folder)) {
      assertThat(bundle.names())
          .containsExactly(
              "module/bert/layer_0/bias",
              "module/bert/layer_0/kernel",
              "module/bert/layer_10/bias",
              "module/scalar");
      assertThat(bundle.get("module/bert/layer_0/kernel").shape()).containsExactly(2L, 3L);
      assertThat(bundle.get("module/bert/layer_0/kernel").toFloats())
          .containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(bundle.get("module/bert/layer_0/bias").toFloats()).containsExactly(-1, -2, -3);
      assertThat(bundle.get("module/bert/layer_10/bias").toFloats()).containsExactly(7);
      assertThat(bundle.get("module/scalar").shape()).isEmpty();
    }
  }

  /// The vectors of RFC 3720 (B.4), masked as LevelDB's documentation says.
  @Test
  void masksChecksums() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);

    assertThat(MaskedCrc32c.of(MemorySegment.ofArray(digits))).isEqualTo(mask(0xe3069283));
    assertThat(MaskedCrc32c.of(MemorySegment.ofArray(new byte[32]))).isEqualTo(mask(0x8a9136aa));
  }

  @Test
  void noFlippedBitOfTheIndexGoesUnnoticed() throws IOException {
    byte[] index = tiny.index();
    Files.write(folder.resolve(DATA), tiny.data());
    int used = index.length - 48; // the footer has bytes that nobody reads
    for (int at = 0; at < used; at++) {
      byte[] damaged = index.clone();
      damaged[at] ^= 1;
      Files.write(folder.resolve("variables.index"), damaged);

      assertThatThrownBy(this::readAll)
          .as("byte %d", at)
          .isInstanceOf(ConversionException.class)
          .hasMessageStartingWith("tiny/variables.index: the block at byte ");
    }
  }

  @Test
  void noCutOfTheIndexGoesUnnoticed() throws IOException {
    byte[] index = tiny.index();
    Files.write(folder.resolve(DATA), tiny.data());
    for (int length = 0; length < index.length; length++) {
      Files.write(folder.resolve("variables.index"), Arrays.copyOf(index, length));

      assertRefused().hasMessageStartingWith("tiny/variables.index: its " + length + " bytes");
    }
  }

  @Test
  void noFlippedBitOfTheDataGoesUnnoticed() throws IOException {
    tiny.write(folder);
    byte[] data = tiny.data();
    for (int at = 0; at < data.length; at++) {
      byte[] damaged = data.clone();
      damaged[at] ^= 0x40;
      Files.write(folder.resolve(DATA), damaged);

      assertRefused()
          .hasMessageStartingWith("tiny/" + DATA + ": variable 'module/")
          .hasMessageContaining("has the checksum");
    }
  }

  @Test
  void namesTheVariableThatWasCutOff() throws IOException {
    tiny.write(folder);
    Files.write(folder.resolve(DATA), Arrays.copyOf(tiny.data(), tiny.data().length - 1));

    assertRefused()
        .hasMessage(
            "tiny/%s: variable 'module/scalar' should be 4 bytes at byte 40,"
                + " but the file has 43; fetch it again",
            DATA);
  }

  @Test
  void namesAMissingFile() throws IOException {
    assertRefused().hasMessageStartingWith("tiny/variables.index is missing");

    tiny.write(folder);
    Files.delete(folder.resolve(DATA));
    assertRefused().hasMessageStartingWith("tiny/" + DATA + " is missing");
  }

  @Test
  void refusesOtherTypesAndSlices() throws IOException {
    tiny.replace("module/scalar", TinyBundle.entry(9, List.of(), 0, 8, 0));
    tiny.write(folder);

    assertRefused()
        .hasMessageContaining("variable 'module/scalar' must hold 32-bit floats")
        .hasMessageContaining("found one piece of type 9");

    tiny.replace("module/scalar", new byte[] {8, 1, 7 << 3 | 2, 0});
    tiny.write(folder);
    assertRefused().hasMessageContaining("found slices of type 1");
  }

  @Test
  void refusesAShapeThatDoesNotFitTheBytes() throws IOException {
    byte[] bytes = Arrays.copyOf(tiny.data(), 4);
    int checksum = TinyBundle.masked(bytes);
    tiny.replace("module/scalar", TinyBundle.entry(1, List.of(2L), 0, 4, checksum));
    tiny.write(folder);

    assertRefused().hasMessageContaining("variable 'module/scalar': a tensor F32 [2] has 8 bytes");
  }

  @Test
  void refusesBigEndianNumbersAndAnIndexWithoutHeader() throws IOException {
    tiny.replace("", TinyBundle.header(1, 1));
    tiny.write(folder);
    assertRefused().hasMessageContaining("are big-endian");

    tiny.remove("");
    tiny.write(folder);
    assertRefused().hasMessageContaining("the index has no header");
  }

  @Test
  void refusesACompressedBlock() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] handle = TinyBundle.block(out, new TreeMap<>(Map.of("key", new byte[3])), 1);
    out.writeBytes(TinyBundle.footer(handle, handle));

    assertThatThrownBy(() -> SortedTable.read("tiny.index", out.toByteArray()))
        .isInstanceOf(ConversionException.class)
        .hasMessageStartingWith("tiny.index: the block at byte 0 is compressed (type 1)");
  }

  @Test
  void refusesHandlesOutsideTheFile() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] nowhere = TinyBundle.handle(1L << 40, 1);
    SortedMap<String, byte[]> index = new TreeMap<>(Map.of("key", nowhere));
    byte[] handle = TinyBundle.block(out, index, 0);
    out.writeBytes(TinyBundle.footer(handle, handle));

    assertThatThrownBy(() -> SortedTable.read("tiny.index", out.toByteArray()))
        .isInstanceOf(ConversionException.class)
        .hasMessageContaining("a block of 1 bytes at byte 1099511627776 does not lie in the file");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
    return assertThatThrownBy(this::readAll).isInstanceOf(ConversionException.class);
  }

  private void readAll() throws IOException {
    try (TensorBundle bundle = TensorBundle.open("tiny", folder)) {
      for (String name : bundle.names()) {
        bundle.get(name);
      }
    }
  }

  private static int mask(int crc) {
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }
}
