package dev.retort.run;

import java.nio.file.Path;

/// A run that was asked to stop; what it has done so far is on disk.
public final class RunInterruptedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Path folder;

  private RunInterruptedException(Path folder, String message) {
    super(message);
    this.folder = folder;
  }

  /// An interruption while `phase` was trained, whose checkpoint is in `folder`.
  public RunInterruptedException(String phase, Path folder) {
    this(
        folder,
        "interrupted while training the %s; a checkpoint is in %s".formatted(phase, folder));
  }

  /// An interruption while the teacher was asked, whose answers so far are in `folder`.
  static RunInterruptedException whileAsking(Path folder) {
    return new RunInterruptedException(
        folder,
        "interrupted while asking the teacher; its answers so far are in %s".formatted(folder));
  }

  /// Where what the interrupted phase has done is kept.
  public Path folder() {
    return folder;
  }
}
