package dev.retort.tensor;

import org.bytedeco.pytorch.AutoGradMode;

/// A stretch of code, on this thread, whose results remember nothing for the backward pass.
public final class NoGrad implements AutoCloseable {

  private final AutoGradMode guard;

  private NoGrad(AutoGradMode guard) {
    this.guard = guard;
  }

  /// Switches recording off until the returned guard is closed.
  public static NoGrad open() {
    return new NoGrad(new AutoGradMode(false));
  }

  /// Restores what was before.
  @Override
  public void close() {
    guard.deallocate();
  }
}
