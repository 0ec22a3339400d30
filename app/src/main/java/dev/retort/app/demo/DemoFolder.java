package dev.retort.app.demo;

import dev.retort.hub.Hub;
import dev.retort.hub.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The folder in which the demo runs: its data, and a recipe that the user may change.
///
/// @param root the folder
public record DemoFolder(Path root) {

  /// Examples to learn from, as many as two cores get through in minutes.
  private static final int TRAIN_EXAMPLES = 8_000;

  /// Examples to test on: enough for an interval of two percentage points.
  private static final int TEST_EXAMPLES = 2_000;

  /// The recipe.
  public Path recipe() {
    return root.resolve("recipe.yaml");
  }

  /// The folder of the demo's runs.
  public Path runs() {
    return root.resolve("runs");
  }

  /// Writes the data if they are not there yet.
  ///
  /// @throws IOException when they cannot be downloaded or written
  public void writeData(Hub hub, Progress progress) throws IOException {
    if (!Files.exists(root.resolve("train.csv")) || !Files.exists(root.resolve("test.csv"))) {
      WordNetData.fetch(hub, progress).limitedTo(TRAIN_EXAMPLES, TEST_EXAMPLES).writeTo(root);
    }
  }
}
