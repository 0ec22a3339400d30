package dev.retort.signal;

import java.io.IOException;
import java.nio.file.Path;

/// A store of teacher answers that cannot be trusted as it lies on disk.
public final class SignalStoreException extends IOException {

  private static final long serialVersionUID = 1;

  /// A problem that another exception explains further.
  public SignalStoreException(String message, Throwable cause) {
    super(message, cause);
  }

  private SignalStoreException(String message) {
    super(message);
  }

  static SignalStoreException damaged(Path file, String why) {
    return new SignalStoreException(
        "%s is damaged: %s. Restore the file, or delete the folder %s to ask the teacher again."
            .formatted(file, why, file.getParent()));
  }
}
