package dev.retort.export;

/// How near to the student's own answers those of an exported file must be.
enum Fidelity {
  /// The same numbers but for the order of sums.
  FP32,
  /// Token vectors rounded to 11 bits.
  FP16,
  /// Matrices rounded to 8 bits.
  INT8;

  /// How far a 32-bit file may be off, for logits up to 1 and in proportion beyond.
  private static final double TOLERANCE = 1e-4;

  /// How much of the answers 16 bits may lose; sound files lose less than a thousandth.
  private static final double MAX_FP16_ERROR = 0.01;

  /// How much of the answers 8 bits may lose; sound files lose a few hundredths.
  private static final double MAX_INT8_ERROR = 0.5;

  /// Whether a file is faithful to a student whose largest logit has this size.
  boolean holds(ParityReport report, double largestLogit) {
    return switch (this) {
      case FP32 -> report.maxDifference() <= TOLERANCE * Math.max(1, largestLogit);
      case FP16 -> report.relativeError() <= MAX_FP16_ERROR;
      case INT8 -> report.relativeError() <= MAX_INT8_ERROR;
    };
  }
}
