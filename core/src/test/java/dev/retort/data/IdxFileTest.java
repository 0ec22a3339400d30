package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFileTest {

  /// Two images of one row and three columns.
  private static final String IMAGES =
      "00000803 00000002 00000001 00000003 0102ff 040506".replace(" ", "");

  private static final String LABELS = "00000801 00000002 0700".replace(" ", "");

  @TempDir Path folder;

  @Test
  void readsWhatIsThere() throws IOException {
    IdxFile idx = IdxFile.read(file(IMAGES));

    assertThat(idx.shape()).containsExactly(2, 1, 3);
    assertThat(idx.values()).containsExactly(1, 2, 255, 4, 5, 6);
  }

  @Test
  void readsThroughGzipWhateverTheName() throws IOException {
    IdxFile idx = IdxFile.read(bytes("images", gzip(IMAGES)));

    assertThat(idx.shape()).containsExactly(2, 1, 3);
    assertThat(idx.values()).containsExactly(1, 2, 255, 4, 5, 6);
  }

  @Test
  void refusesOtherFilesAtTheirFirstByte() throws IOException {
    refused(file("89504e470d0a"), "byte 0: found 89 50 4e 47; an IDX file begins with 00 00");
    refused(file("000008"), "byte 0: found 00 00 08;");
    refused(file(""), "byte 0: found an empty file;");
    refused(file("00000800"), "byte 0: found 00 00 08 00;");
  }

  @Test
  void refusesOtherElementTypes() throws IOException {
    refused(file("00000d01 00000001 00000000"), "byte 2: element type 0x0d is not read; 0x08");
  }

  @Test
  void refusesMoreOrFewerValuesThanAnnounced() throws IOException {
    refused(
        file(IMAGES.substring(0, IMAGES.length() - 2)),
        "byte 16: the header announces 2 × 1 × 3 values, but 5 follow; fetch the file again");
    refused(file(IMAGES + "07"), "but 7 follow");
    refused(
        file("00000804 7fffffff 7fffffff 7fffffff 7fffffff 01"),
        "byte 20: the header announces 2147483647 × 2147483647 × 2147483647 × 2147483647 values");
  }

  @Test
  void refusesAHeaderThatIsCutShort() throws IOException {
    refused(
        file("00000803 00000002 0000"),
        "byte 10: the file ends inside its header, which has 16 bytes for 3 dimensions");
  }

  @Test
  void refusesEmptyDimensions() throws IOException {
    refused(file("00000802 00000002 ffffffff"), "byte 8: dimension 2 has length -1; at least 1");
  }

  @Test
  void refusesGzipThatIsCutShort() throws IOException {
    byte[] whole = gzip(IMAGES);
    Path file = bytes("images.gz", Arrays.copyOf(whole, whole.length / 2));

    refused(file, "its gzip stream of " + whole.length / 2 + " bytes is damaged or cut short");
  }

  @Test
  void imagesAndLabelsBecomeADataset() throws IOException {
    ImageDataset data = ImageDataset.read(file(IMAGES), bytes("labels.gz", gzip(LABELS)), 8);

    assertThat(data.size()).isEqualTo(2);
    assertThat(data.shape()).isEqualTo(new ImageShape(1, 1, 3));
    assertThat(data.labels()).containsExactly(7, 0);
    assertThat(data.batch(1, 0).pixels()).containsExactly(4, 5, 6, 1, 2, 255);
  }

  @Test
  void refusesFilesThatDoNotBelongTogether() throws IOException {
    Path images = file(IMAGES);
    Path labels = bytes("labels", HexFormat.of().parseHex(LABELS));
    Path three = bytes("three", HexFormat.of().parseHex("0000080100000003070001"));

    assertThatThrownBy(() -> ImageDataset.read(images, three, 8))
        .isInstanceOf(DataException.class)
        .hasMessage(
            three
                + ": error: byte 4: 3 labels, but "
                + images
                + " has 2 images; the two files do not belong together");
    assertThatThrownBy(() -> ImageDataset.read(images, labels, 7))
        .isInstanceOf(DataException.class)
        .hasMessage(
            labels + ": error: byte 8: label 7 of image 0 is not below the number of classes, 7");
    assertThatThrownBy(() -> ImageDataset.read(labels, images, 8))
        .isInstanceOf(DataException.class)
        .hasMessage(labels + ": error: byte 3: the array has 1 dimensions, 2; grey images have 3");
  }

  private static void refused(Path file, String message) {
    assertThatThrownBy(() -> IdxFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + ": error: ")
        .hasMessageContaining(message);
  }

  private Path file(String hexadecimal) throws IOException {
    return bytes("images", HexFormat.of().parseHex(hexadecimal.replace(" ", "")));
  }

  private Path bytes(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static byte[] gzip(String hexadecimal) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(HexFormat.of().parseHex(hexadecimal));
    }
    return compressed.toByteArray();
  }
}
