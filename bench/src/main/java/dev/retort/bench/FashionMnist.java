package dev.retort.bench;

import dev.retort.data.ImageDataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Fashion-MNIST (Xiao et al. 2017, arXiv 1708.07747): 60,000 and 10,000 grey images of clothes, 28
/// × 28 pixels, in ten classes, in the files that Zalando publishes.
///
/// @param train what models learn from
/// @param validation the last images of the published training set, held out
/// @param test the published test set
record FashionMnist(ImageDataset train, ImageDataset validation, ImageDataset test) {

  static final List<String> CLASSES =
      List.of(
          "T-shirt/top",
          "trouser",
          "pullover",
          "dress",
          "coat",
          "sandal",
          "shirt",
          "sneaker",
          "bag",
          "ankle boot");

  /// Reads the four files in `folder` and holds out the last `validationRows` for validation.
  static FashionMnist read(Path folder, int validationRows) throws IOException {
    ImageDataset published = read(folder, "train");
    int kept = published.size() - validationRows;
    return new FashionMnist(
        published.slice(0, kept), published.slice(kept, published.size()), read(folder, "t10k"));
  }

  private static ImageDataset read(Path folder, String name) throws IOException {
    return ImageDataset.read(
        folder.resolve(name + "-images-idx3-ubyte.gz"),
        folder.resolve(name + "-labels-idx1-ubyte.gz"),
        CLASSES.size());
  }
}
