package dev.retort.tensor;

import java.util.Optional;
import org.bytedeco.pytorch.global.torch;

/// The settings of the native engine and what it says of itself.
public final class Engine {

  private Engine() {}

  /// Limits the threads one operator may use.
  public static void useThreads(int threads) {
    torch.set_num_threads(threads);
  }

  /// The version of the libtorch bindings on the class path, such as `2.10.0-1.5.13`.
  public static String version() {
    return Optional.ofNullable(torch.class.getPackage().getImplementationVersion())
        .orElse("unknown");
  }
}
