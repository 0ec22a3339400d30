package dev.retort.run;

import java.nio.file.Path;

/// A run that was asked to stop; what it has done so far is on disk.
public final class RunInterruptedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Path folder;

  /// An interruption while `phase` was trained, whose checkpoint is in `folder`.
  public RunInterruptedException(String phase, Path folder) {
    super("interrupted while training the %s; a checkpoint is in %s".formatted(phase, folder));
    this.folder = folder;
  }

  /// Where the interrupted phase keeps its checkpoint.
  public Path folder() {
    return folder;
  }
}
