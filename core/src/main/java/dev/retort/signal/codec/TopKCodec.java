package dev.retort.signal.codec;

import dev.retort.signal.Distribution;
import dev.retort.tensor.Functions;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The `k` likeliest tokens with their probabilities, and the mass of all others.
///
/// A row has `k` ids of as many bits as the vocabulary needs, the likeliest first, then `k`
/// logarithms in 15 bits, as whole 1/1024ths of a nat up to 32 nats. Of the `k + 1` outcomes, which
/// are the tokens and the *tail* of all others, the likeliest has what the others leave of 1; a
/// last bit says whether the first logarithm is the first token's or the tail's. So the outcomes
/// add up to 1, and a tail keeps its size however small it is; nothing has to be renormalised. 15
/// tokens take 59 bytes of a vocabulary of 49,152 and 62 of one of 262,144.
///
/// Rounding costs 2e-8 nats a row (1,084 rows of SmolLM2-135M, `k` = 15). Half floats, which have
/// as many bits beside their sign, cost 9e-8; writing all tokens and leaving the rest to the tail
/// costs 5e-6, as small tails are less than what the tokens' rounding adds up to.
///
/// The error of a row is `KL(p ‖ p̂)` in nats, where `p` is the teacher and `p̂` what is stored
/// with its tail spread evenly over the tokens that are not named. By the chain rule it is the sum
/// of what rounding costs, a divergence of `k + 1` outcomes, and of what the tail no longer tells:
///
/// ```
/// Σ_K p log(p/p̂) + P log(P/P̂)  +  Σ_{v ∉ K} p(v) log(p(v) · (V − k) / P)
///                                     P = Σ_{v ∉ K} p(v)
/// ```
///
/// A student that learns from `k + 1` outcomes is not told that the tail is even: the second part
/// is what it is not told at all.
///
/// @param k tokens that are named
/// @param temperature at which probabilities are taken
/// @param vocabulary V
public record TopKCodec(int k, double temperature, int vocabulary) implements TokenCodec {

  private static final int LOGARITHM_BITS = 15;

  public TopKCodec {
    if (k < 1 || k > vocabulary || !(temperature > 0)) {
      throw new IllegalArgumentException(
          "top %d of %d tokens at temperature %s".formatted(k, vocabulary, temperature));
    }
  }

  /// The bytes of a row.
  public int rowBytes() {
    return Math.ceilDiv(rowBits(), Byte.SIZE);
  }

  private int rowBits() {
    return k * (Bits.forNumbersBelow(vocabulary) + LOGARITHM_BITS) + 1;
  }

  @Override
  public String label() {
    return "top-k, k = " + k;
  }

  @Override
  public String measure() {
    return "KL(teacher ‖ stored)";
  }

  @Override
  public List<EncodedRow> encode(Tensor logitsNV, long[] seedsN) {
    TokenCodec.requireWidth(logitsNV.size(-1), vocabulary);
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Tensor logPNV = Functions.logSoftmax(logitsNV.times(1 / temperature), -1);
      Tensor idsNK = Functions.indicesOfGreatest(logPNV, k, -1);
      Tensor namedNK = logPNV.gather(-1, idsNK);
      // Summed up by itself, a small tail keeps its digits; as 1 minus the rest it would not.
      Tensor othersNV = logPNV.exp().scatter(-1, idsNK, Tensors.zerosLike(namedNK));
      double[] tails = othersNV.sum(-1, false).toDoubles();
      double[] tailTerms = othersNV.times(logPNV).sum(-1, false).toDoubles();
      double[] ids = idsNK.toDoubles();
      double[] logP = namedNK.toDoubles();
      List<EncodedRow> rows = new ArrayList<>();
      for (int row = 0; row < tails.length; row++) {
        Kept kept = Kept.of(Arrays.copyOfRange(logP, row * k, (row + 1) * k), tails[row]);
        double error =
            rounding(logP, row * k, kept, tails[row]) + spreading(tails[row], tailTerms[row]);
        rows.add(new EncodedRow(packed(ids, row * k, kept), error));
      }
      return rows;
    }
  }

  private double rounding(double[] logP, int first, Kept kept, double tail) {
    double sum = term(tail, kept.logTail()) + term(Math.exp(logP[first]), kept.logFirst());
    for (int i = 1; i < k; i++) {
      sum += term(Math.exp(logP[first + i]), kept.logarithms()[i]);
    }
    return sum;
  }

  private static double term(double p, double logarithm) {
    return p == 0 ? 0 : p * (Math.log(p) - logarithm);
  }

  private double spreading(double tail, double terms) {
    return tail == 0 ? 0 : terms - tail * Math.log(tail / (vocabulary - k));
  }

  private byte[] packed(double[] ids, int first, Kept kept) {
    Bits.Writer writer = new Bits.Writer(rowBits());
    for (int i = 0; i < k; i++) {
      writer.write((int) ids[first + i], Bits.forNumbersBelow(vocabulary));
    }
    for (double logarithm : kept.logarithms()) {
      writer.write(Kept.units(logarithm), LOGARITHM_BITS);
    }
    writer.write(kept.ofTail() ? 1 : 0, 1);
    return writer.toBytes();
  }

  @Override
  public Distribution.TopK decode(ByteBuffer rows, int count) {
    Bits.Reader reader = new Bits.Reader(rows);
    long[] ids = new long[count * k];
    float[] logP = new float[count * k];
    for (int row = 0; row < count; row++) {
      reader.align();
      for (int i = 0; i < k; i++) {
        ids[row * k + i] = reader.read(Bits.forNumbersBelow(vocabulary));
      }
      Kept kept = read(reader);
      logP[row * k] = (float) kept.logFirst();
      for (int i = 1; i < k; i++) {
        logP[row * k + i] = (float) kept.logarithms()[i];
      }
    }
    reader.requireEnd();
    return new Distribution.TopK(
        Tensors.of(ids, count, k), Tensors.of(logP, count, k), temperature);
  }

  private Kept read(Bits.Reader reader) {
    double[] logarithms = new double[k];
    Arrays.setAll(logarithms, _ -> Kept.logarithm(reader.read(LOGARITHM_BITS)));
    return new Kept(logarithms, reader.read(1) == 1);
  }

  /// The logarithms of a row as they are written.
  ///
  /// @param logarithms of all tokens but the first, after that of the first or of the tail
  /// @param ofTail whether it is that of the tail
  @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next
  private record Kept(double[] logarithms, boolean ofTail) {

    private static final double UNITS = 1024;
    private static final double MOST = (1 << LOGARITHM_BITS) - 1;

    static Kept of(double[] logP, double tail) {
      double[] logarithms = logP.clone();
      boolean ofTail = Math.log(tail) < logP[0];
      if (ofTail) {
        logarithms[0] = Math.log(tail);
      }
      return new Kept(
          Arrays.stream(logarithms).map(exact -> logarithm(units(exact))).toArray(), ofTail);
    }

    static int units(double logarithm) {
      return (int) Math.rint(Math.clamp(-logarithm * UNITS, 0, MOST));
    }

    static double logarithm(int units) {
      return -units / UNITS;
    }

    double logFirst() {
      return ofTail ? Math.log(left()) : logarithms[0];
    }

    double logTail() {
      return ofTail ? logarithms[0] : Math.log(left());
    }

    /// What the logarithms leave of 1; above 0, as it belongs to the likeliest of all outcomes.
    private double left() {
      return 1 - Arrays.stream(logarithms).map(Math::exp).sum();
    }
  }
}
