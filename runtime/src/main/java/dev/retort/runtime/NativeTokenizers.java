package dev.retort.runtime;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;

/// The Hugging Face tokenizers, a Rust library inside the DJL jar, loaded without the network.
///
/// Retort calls the native functions and not DJL's `HuggingFaceTokenizer` above them, because every
/// way to create the latter reports to a telemetry address when it runs in a cloud, truncates and
/// pads on its own, and copies the token strings and character offsets of every text.
final class NativeTokenizers {
  private static final String OFFLINE = "ai.djl.offline";

  private NativeTokenizers() {}

  /// The loaded library.
  ///
  /// @throws StudentException if it cannot be loaded on this machine
  static TokenizersLibrary library() {
    try {
      return Loaded.LIBRARY;
    } catch (EngineException | LinkageError e) {
      throw new StudentException(
          ("Cannot load the native tokenizer library on %s %s."
                  + " It exists for Linux (x86-64, aarch64), macOS (aarch64), Windows (x86-64),"
                  + " and is unpacked into DJL_CACHE_DIR"
                  + " (default: .djl.ai in the home folder), which must be writable.")
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
          e);
    }
  }

  /// Holds the library, so that the JVM loads it once and only when it is needed.
  private static final class Loaded {
    static final TokenizersLibrary LIBRARY = load();

    /// On a machine with a GPU, DJL would download a CUDA build instead of taking the CPU build
    /// from its jar. Tokenizing needs no GPU, so DJL is told that it is offline while it loads.
    private static TokenizersLibrary load() {
      String before = System.getProperty(OFFLINE);
      System.setProperty(OFFLINE, "true");
      try {
        LibUtils.checkStatus();
        return TokenizersLibrary.LIB;
      } finally {
        if (before == null) {
          System.clearProperty(OFFLINE);
        } else {
          System.setProperty(OFFLINE, before);
        }
      }
    }
  }
}
