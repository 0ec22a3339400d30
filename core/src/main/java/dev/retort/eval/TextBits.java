package dev.retort.eval;

/// How many bits a language model needs for the bytes of texts: a number that does not depend on
/// how a model cuts them into tokens, where perplexity does.
public final class TextBits {

  private TextBits() {}

  /// The mean over all bytes, `Σ nats / ln 2 / Σ bytes`, with an interval over texts.
  ///
  /// @param nats `−Σ ln` of the probabilities of each text's tokens
  /// @param bytes of each text, in UTF-8; not all 0
  public static Measured perByte(double[] nats, long[] bytes, Bootstrap bootstrap) {
    if (nats.length != bytes.length) {
      throw new IllegalArgumentException(
          "%d texts have %d lengths".formatted(nats.length, bytes.length));
    }
    return bootstrap.percentile(nats.length, drawn -> perByte(nats, bytes, drawn));
  }

  private static double perByte(double[] nats, long[] bytes, int[] drawn) {
    double sum = 0;
    long length = 0;
    for (int text : drawn) {
      sum += nats[text];
      length += bytes[text];
    }
    return sum / Math.log(2) / length;
  }
}
