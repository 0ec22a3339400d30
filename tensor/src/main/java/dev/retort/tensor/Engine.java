package dev.retort.tensor;

import java.util.Optional;
import org.bytedeco.pytorch.global.torch;

/// What the native engine says of itself.
public final class Engine {

  private Engine() {}

  /// The version of the libtorch bindings on the class path, such as `2.10.0-1.5.13`.
  public static String version() {
    return Optional.ofNullable(torch.class.getPackage().getImplementationVersion())
        .orElse("unknown");
  }
}
