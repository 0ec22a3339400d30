package dev.retort.app.exit;

import java.util.Optional;
import java.util.regex.Pattern;

/// Tells the two kinds of memory apart that can run out: the heap of the JVM, and the native memory
/// that tensors live in.
final class OutOfMemory {

  /// What libtorch and the C++ library say.
  private static final Pattern NATIVE =
      Pattern.compile("can't allocate memory|bad_alloc|CUDA out of memory|Cannot allocate memory");

  private OutOfMemory() {}

  /// The failure, if `thrown` or one of its causes is about memory.
  static Optional<Failure> in(Throwable thrown) {
    return Causes.of(thrown)
        .flatMap(cause -> message(cause).stream())
        .findFirst()
        .map(message -> new Failure(ExitCode.DATA, message, true));
  }

  private static Optional<String> message(Throwable cause) {
    String said = String.valueOf(cause.getMessage());
    if (NATIVE.matcher(said).find()) {
      return Optional.of(
          "the machine has no memory left for tensors\n"
              + "Lower train.batchTokens (or teacher.fineTune.batchTokens), or use a machine with"
              + " more memory.");
    }
    return cause instanceof OutOfMemoryError
        ? Optional.of(
            "the JVM ran out of memory (%s) with a heap of %,d MB\n"
                    .formatted(said, Runtime.getRuntime().maxMemory() / 1_000_000)
                + "Give it more with RETORT_JAVA_OPTS=-Xmx8g, or whatever the machine has.")
        : Optional.empty();
  }
}
