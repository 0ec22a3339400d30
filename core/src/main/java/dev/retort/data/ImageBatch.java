package dev.retort.data;

import dev.retort.io.Sha256;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Images of one size. Each counts as one token, so that tokens a second are images a second. The
/// arrays are not copied: whoever holds a batch must not write to them.
///
/// @param rows `[B]` indices of the images in their [BatchSource]
/// @param shape the size of each
/// @param pixels `[B × C·H·W]` unsigned bytes, image by image
/// @param labels `[B]` class indices, −1 where unlabelled
@SuppressWarnings("ArrayRecordComponent") // tensors are made from these arrays as they are
public record ImageBatch(int[] rows, ImageShape shape, byte[] pixels, int[] labels)
    implements Batch {

  private static final int KEY_BYTES = 16;
  private static final float LARGEST = 255;

  public ImageBatch {
    if (pixels.length != (long) rows.length * shape.values()) {
      throw new IllegalArgumentException(
          "pixels has %d values; %d images of %d need %d"
              .formatted(
                  pixels.length, rows.length, shape.values(), (long) rows.length * shape.values()));
    }
    if (labels.length != rows.length) {
      throw new IllegalArgumentException(
          "labels has " + labels.length + " entries for " + rows.length + " images");
    }
  }

  @Override
  public long[] lengths() {
    long[] ones = new long[rows.length];
    Arrays.fill(ones, 1);
    return ones;
  }

  /// `[B × C·H·W]` the pixels as numbers from 0 to 1.
  public float[] brightness() {
    float[] brightness = new float[pixels.length];
    for (int i = 0; i < brightness.length; i++) {
      brightness[i] = (pixels[i] & 0xff) / LARGEST;
    }
    return brightness;
  }

  /// A 128-bit hash of each image's size and pixels as 32 hexadecimal digits; the label does not
  /// matter.
  List<String> contentKeys() {
    return IntStream.range(0, rows.length).mapToObj(this::contentKey).toList();
  }

  private String contentKey(int image) {
    int values = shape.values();
    return new Sha256()
        .add(shape.channels())
        .add(shape.height())
        .add(shape.width())
        .add(Arrays.copyOfRange(pixels, image * values, (image + 1) * values))
        .hex(KEY_BYTES);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ImageBatch that
        && shape.equals(that.shape)
        && Arrays.equals(rows, that.rows)
        && Arrays.equals(pixels, that.pixels)
        && Arrays.equals(labels, that.labels);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(rows) + Arrays.hashCode(pixels);
  }

  @Override
  public String toString() {
    return "ImageBatch[%d × %s, rows %s]".formatted(rows.length, shape, Arrays.toString(rows));
  }
}
