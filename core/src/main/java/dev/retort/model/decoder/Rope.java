package dev.retort.model.decoder;

import java.util.Locale;

/// Rotary position embedding (Su et al. 2021, arXiv 2104.09864): the pair `i` of a head of width
/// `d` is turned by `position · base^(−2i/d)`, after the scaling that stretches a model to longer
/// texts.
///
/// @param base the longest wavelength over 2π, also called θ
/// @param scaling how frequencies are stretched
public record Rope(double base, Scaling scaling) {

  /// How frequencies are stretched.
  public sealed interface Scaling {

    /// The frequency that takes the place of `frequency`.
    double scaled(double frequency);
  }

  /// No stretching.
  public record Unscaled() implements Scaling {
    @Override
    public double scaled(double frequency) {
      return frequency;
    }
  }

  /// Every frequency is divided by `factor` (Chen et al. 2023, arXiv 2306.15595).
  ///
  /// @param factor how many times longer texts may be
  public record Linear(double factor) implements Scaling {
    @Override
    public double scaled(double frequency) {
      return frequency / factor;
    }
  }

  /// Llama 3.1's: long waves are stretched by `factor`, short ones stay, and those between change
  /// smoothly from one to the other.
  ///
  /// @param factor how many times longer texts may be
  /// @param lowFactor waves longer than `original / lowFactor` are stretched
  /// @param highFactor waves shorter than `original / highFactor` stay
  /// @param original the longest text before stretching
  public record Llama3(double factor, double lowFactor, double highFactor, int original)
      implements Scaling {
    @Override
    public double scaled(double frequency) {
      double wavelength = 2 * Math.PI / frequency;
      if (wavelength < original / highFactor) {
        return frequency;
      }
      if (wavelength > original / lowFactor) {
        return frequency / factor;
      }
      double share = (original / wavelength - lowFactor) / (highFactor - lowFactor);
      return (1 - share) * frequency / factor + share * frequency;
    }
  }

  public Rope {
    if (!(base > 0)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "the base of a rotary embedding is %s; it is above 0", base));
    }
  }

  /// The angle per position of each pair in a head of width `headSize`.
  public double[] frequencies(int headSize) {
    double[] frequencies = new double[headSize / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = scaling.scaled(Math.pow(base, -2.0 * i / headSize));
    }
    return frequencies;
  }
}
