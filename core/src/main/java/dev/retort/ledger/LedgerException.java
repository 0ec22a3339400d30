package dev.retort.ledger;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A ledger that cannot be used as it lies on disk. It is never written over.
public final class LedgerException extends RuntimeException {

  private static final long serialVersionUID = 1;

  LedgerException(String message) {
    super(message);
  }

  LedgerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static LedgerException damaged(Path file, String why, @Nullable Throwable cause) {
    return new LedgerException(
        "%s is damaged or no ledger: %s. It was left as it is; restore it from a copy, save what can be read with sqlite3's .recover, or name another ledger"
            .formatted(file, why),
        cause);
  }
}
