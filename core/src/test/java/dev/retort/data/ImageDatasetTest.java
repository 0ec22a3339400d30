package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImageDatasetTest {

  private static final ImageShape SQUARE = new ImageShape(1, 3, 3);

  /// One bright pixel in the middle of a 3 × 3 image.
  private static final byte[] DOT = {0, 0, 0, 0, (byte) 200, 0, 0, 0, 0};

  @Test
  void aBatchHasTheRowsAskedFor() {
    ImageBatch batch = numbered().batch(2, 0);

    assertThat(batch.rows()).containsExactly(2, 0);
    assertThat(batch.labels()).containsExactly(0, 1);
    assertThat(batch.pixels()).containsExactly(4, 5, 0, 1);
    assertThat(batch.tokens()).isEqualTo(2);
  }

  @Test
  void brightnessIsFromZeroToOne() {
    ImageBatch batch =
        new ImageBatch(new int[1], new ImageShape(1, 1, 3), new byte[] {0, 51, -1}, new int[1]);

    assertThat(batch.brightness()).containsExactly(0, 0.2f, 1);
  }

  @Test
  void batchTokensAreImages() {
    Batches<ImageBatch> batches = Batches.shuffled(numbered(), 2, 7, 0);

    assertThat(batches).extracting(Batch::size).containsExactlyInAnyOrder(2, 1);
  }

  @Test
  void equalPixelsHaveEqualKeysWhateverTheLabel() {
    byte[] pixels = {1, 2, 1, 2, 2, 1};
    ImageDataset data = ImageDataset.of(new ImageShape(1, 1, 2), pixels, new int[] {0, 1, 0});
    ImageDataset tall = ImageDataset.of(new ImageShape(1, 2, 1), pixels, new int[] {0, 1, 0});

    List<String> keys = data.contentKeys(0, 1, 2);

    assertThat(keys.get(0)).isEqualTo(keys.get(1)).matches("[0-9a-f]{32}");
    assertThat(keys.get(2)).isNotEqualTo(keys.get(0));
    assertThat(tall.contentKeys(0)).isNotEqualTo(List.of(keys.get(0)));
  }

  @Test
  void aPartKeepsPixelsLabelsAndKeys() {
    ImageDataset data = numbered();

    ImageDataset last = data.slice(1, 3);
    ImageDataset without = data.without(1);

    assertThat(last.labels()).containsExactly(2, 0);
    assertThat(last.batch(0).pixels()).containsExactly(2, 3);
    assertThat(last.contentKeys(0)).isEqualTo(data.contentKeys(1));
    assertThat(without.labels()).containsExactly(2, 0);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> ImageDataset.of(SQUARE, new byte[10], new int[1]))
        .hasMessage("pixels has 10 values; 1 images of 9 need 9");
    assertThatThrownBy(() -> new ImageBatch(new int[1], SQUARE, new byte[9], new int[2]))
        .hasMessage("labels has 2 entries for 1 images");
    assertThatThrownBy(() -> new ImageShape(1, 0, 3)).hasMessageContaining("is empty");
    assertThatThrownBy(() -> new JitteredImages(dots(1), 3, 7, 0))
        .hasMessageContaining("most is 3; images of 3 × 3 pixels");
  }

  @Test
  void jitterMovesTheWholeImageByAtMostSoMuch() {
    Set<Integer> places = new HashSet<>();
    for (int epoch = 0; epoch < 100; epoch++) {
      byte[] moved = new JitteredImages(dots(1), 1, 7, 0).epoch(epoch).batch(0).pixels();
      assertThat(moved).containsOnly(0, 200).containsOnlyOnce(200);
      places.add(index(moved));
    }

    assertThat(places).hasSize(9);
  }

  @Test
  void whatMovesOutIsGoneAndWhatMovesInIsBlack() {
    byte[] pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    ImageShape shape = new ImageShape(2, 2, 3);
    Set<List<Byte>> seen = new HashSet<>();
    for (int epoch = 0; epoch < 100; epoch++) {
      ImageDataset data = ImageDataset.of(shape, pixels, new int[1]);
      seen.add(boxed(new JitteredImages(data, 1, 7, epoch).batch(0).pixels()));
    }

    assertThat(seen)
        .hasSize(9)
        .contains(
            boxed(pixels),
            boxed(new byte[] {0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 7, 8}),
            boxed(new byte[] {5, 6, 0, 0, 0, 0, 11, 12, 0, 0, 0, 0}));
  }

  @Test
  void jitterDependsOnSeedEpochAndRowOnly() {
    JitteredImages jittered = new JitteredImages(dots(50), 1, 7, 0);

    assertThat(jittered.epoch(3).batch(4, 5).pixels())
        .isEqualTo(new JitteredImages(dots(50), 1, 7, 3).batch(4, 5).pixels());
    assertThat(jittered.batch(all()).pixels())
        .isNotEqualTo(jittered.epoch(1).batch(all()).pixels());
    assertThat(jittered.batch(all()).pixels())
        .isNotEqualTo(new JitteredImages(dots(50), 1, 8, 0).batch(all()).pixels());
    assertThat(jittered.batch(all()).labels()).isEqualTo(dots(50).labels());
  }

  @Test
  void aMovedImageHasAKeyOfItsOwn() {
    JitteredImages jittered = new JitteredImages(dots(50), 1, 7, 0);

    assertThat(Set.copyOf(jittered.contentKeys(all()))).hasSize(9);
    assertThat(jittered.contentKeys(all())).contains(dots(1).contentKeys(0).getFirst());
  }

  private static int[] all() {
    int[] rows = new int[50];
    Arrays.setAll(rows, i -> i);
    return rows;
  }

  private static int index(byte[] image) {
    for (int i = 0; i < image.length; i++) {
      if (image[i] != 0) {
        return i;
      }
    }
    return -1;
  }

  private static List<Byte> boxed(byte[] bytes) {
    List<Byte> list = new ArrayList<>();
    for (byte value : bytes) {
      list.add(value);
    }
    return list;
  }

  private static ImageDataset dots(int count) {
    byte[] pixels = new byte[count * DOT.length];
    for (int i = 0; i < count; i++) {
      System.arraycopy(DOT, 0, pixels, i * DOT.length, DOT.length);
    }
    return ImageDataset.of(SQUARE, pixels, new int[count]);
  }

  private static ImageDataset numbered() {
    return ImageDataset.of(
        new ImageShape(1, 1, 2), new byte[] {0, 1, 2, 3, 4, 5}, new int[] {1, 2, 0});
  }
}
