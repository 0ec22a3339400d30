package dev.retort.gguf.convert;

import java.util.Optional;

/// The hyperparameters of a decoder, as both worlds need them.
///
/// @param layers how many layers it has
/// @param hidden the width between the layers
/// @param feedForward the width within a layer's perceptron
/// @param context how many tokens it was trained to read
/// @param vocabulary how many rows the token embedding has
/// @param epsilon what the norms add before the root
record DecoderShape(
    Architecture architecture,
    int layers,
    int hidden,
    int feedForward,
    int context,
    int vocabulary,
    double epsilon,
    Attention attention,
    Rope rope) {

  /// The heads.
  ///
  /// @param heads how many query heads there are
  /// @param keyValueHeads how many key and value heads, each for as many query heads
  /// @param headSize the width of a head
  /// @param window how far back a layer with a window looks, if there are such layers
  record Attention(int heads, int keyValueHeads, int headSize, Optional<Integer> window) {}

  /// The rotary embedding.
  ///
  /// @param base what the angles' periods grow with
  /// @param localBase that of layers with a window
  /// @param scaling how it was stretched to a longer context, if it was
  record Rope(double base, double localBase, Optional<RopeScaling> scaling) {
    static final double DEFAULT_BASE = 10_000;
  }

  /// A rotary embedding stretched to a longer context.
  sealed interface RopeScaling {

    /// All positions divided by a factor.
    record Linear(double factor) implements RopeScaling {}

    /// YaRN (arXiv 2309.00071).
    ///
    /// @param context the context before
    record Yarn(double factor, int context) implements RopeScaling {}

    /// Llama 3's: slow frequencies are divided by a factor, fast ones are not.
    ///
    /// @param low the periods in the context below which a frequency is slow
    /// @param high those above which it is fast
    /// @param context the context before
    record Llama3(double factor, double low, double high, int context) implements RopeScaling {

      /// What each of the `headSize / 2` frequencies is divided by: llama.cpp's `rope_freqs`.
      float[] divisors(double base, int headSize) {
        float[] divisors = new float[headSize / 2];
        for (int i = 0; i < divisors.length; i++) {
          double wavelength = 2 * Math.PI * Math.pow(base, 2.0 * i / headSize);
          double periods = context / wavelength;
          double smooth = Math.clamp((periods - low) / (high - low), 0, 1);
          divisors[i] = (float) (1 / ((1 - smooth) / factor + smooth));
        }
        return divisors;
      }
    }
  }
}
