package dev.retort.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Labelled images of one size, all in memory, a byte for each value.
public final class ImageDataset implements BatchSource<ImageBatch> {

  private final ImageShape shape;
  private final byte[] pixels;
  private final int[] labels;
  private final List<String> contentKeys;

  private ImageDataset(ImageShape shape, byte[] pixels, int[] labels) {
    this.shape = shape;
    this.pixels = pixels;
    this.labels = labels;
    this.contentKeys =
        IntStream.range(0, labels.length)
            .parallel()
            .mapToObj(row -> batch(row).contentKeys().getFirst())
            .toList();
  }

  private ImageDataset(ImageShape shape, byte[] pixels, int[] labels, List<String> contentKeys) {
    this.shape = shape;
    this.pixels = pixels;
    this.labels = labels;
    this.contentKeys = contentKeys;
  }

  /// Images of this size.
  ///
  /// @param pixels `[N × C·H·W]` unsigned bytes, image by image
  /// @param labels `[N]` class indices, −1 where unlabelled
  public static ImageDataset of(ImageShape shape, byte[] pixels, int[] labels) {
    ImageBatch all = new ImageBatch(range(0, labels.length), shape, pixels, labels);
    return new ImageDataset(shape, all.pixels().clone(), all.labels().clone());
  }

  /// Reads grey images and their labels from two IDX files, as MNIST's are; either may be
  /// compressed with gzip.
  ///
  /// @param images `[N, H, W]` unsigned bytes
  /// @param labels `[N]` unsigned bytes
  /// @param classes how many classes there are
  /// @throws DataException if a file is no such file, the two are of different lengths, or a label
  ///   is no class; the message has the offset in the uncompressed file
  public static ImageDataset read(Path images, Path labels, int classes) throws IOException {
    IdxFile pixels = IdxFile.read(images).requireDimensions(3, "grey images");
    IdxFile classIndices = IdxFile.read(labels).requireDimensions(1, "labels");
    List<Integer> lengths = pixels.shape();
    int count = lengths.getFirst();
    if (classIndices.values().length != count) {
      throw classIndices.wrongCount(
          "%d labels, but %s has %d images; the two files do not belong together"
              .formatted(classIndices.values().length, images, count));
    }
    int[] indices = new int[count];
    for (int row = 0; row < count; row++) {
      indices[row] = classIndices.values()[row] & 0xff;
      if (indices[row] >= classes) {
        throw classIndices.wrongValue(
            row,
            "label %d of image %d is not below the number of classes, %d"
                .formatted(indices[row], row, classes));
      }
    }
    return new ImageDataset(
        new ImageShape(1, lengths.get(1), lengths.get(2)), pixels.values(), indices);
  }

  /// The size of each image.
  public ImageShape shape() {
    return shape;
  }

  /// The class indices, −1 where unlabelled, in the order of the images.
  public int[] labels() {
    return labels.clone();
  }

  /// The images with these indices, in this order, as a dataset of their own.
  public ImageDataset subset(int... rows) {
    ImageBatch chosen = batch(rows);
    return new ImageDataset(shape, chosen.pixels(), chosen.labels(), contentKeys(rows));
  }

  /// The images from index `from` up to `to`, which is not among them, as a dataset of their own.
  public ImageDataset slice(int from, int to) {
    return subset(range(from, to));
  }

  /// All images but those of one class, as a dataset of their own.
  public ImageDataset without(int label) {
    return subset(IntStream.range(0, labels.length).filter(row -> labels[row] != label).toArray());
  }

  @Override
  public int size() {
    return labels.length;
  }

  /// Always 1: a batch of so many tokens is a batch of so many images.
  @Override
  public int length(int row) {
    return 1;
  }

  @Override
  public ImageBatch batch(int... rows) {
    int values = shape.values();
    byte[] chosen = new byte[Math.multiplyExact(rows.length, values)];
    int[] chosenLabels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(pixels, rows[i] * values, chosen, i * values, values);
      chosenLabels[i] = labels[rows[i]];
    }
    return new ImageBatch(rows.clone(), shape, chosen, chosenLabels);
  }

  @Override
  public List<String> contentKeys(int... rows) {
    return Arrays.stream(rows).mapToObj(contentKeys::get).toList();
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }
}
