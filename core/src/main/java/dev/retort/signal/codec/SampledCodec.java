package dev.retort.signal.codec;

import dev.retort.signal.Distribution;
import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Tokens drawn from the teacher with replacement, and how often each was drawn: "random sampling
/// knowledge distillation" (Anshumann et al. 2025, arXiv 2503.16870), whose proposal is the teacher
/// itself.
///
/// The share of the draws that a token has is its probability in the mean over all draws, so that
/// forward KL has the gradient of the whole distribution in the mean; a top k has not. A row has
/// the number of tokens that differ, their ids in ascending order and their counts, each in as few
/// bits as its range needs. The draws follow from the seed of the row alone.
///
/// The error of a row is `KL(p̂ ‖ p)` in nats, the divergence of the draws `p̂` from the teacher
/// `p`. The other direction is infinite wherever a token was not drawn. It is the forward KL that a
/// student equal to its teacher would be shown, and no sign of bias: its mean is near `(S − 1)/2n`
/// for `n` draws of `S` tokens with mass (Paninski 2003, Estimation of Entropy and Mutual
/// Information), while the mean gradient is that of the teacher, with a variance of `(1 − Σ p²)/n`.
///
/// @param draws n, with replacement
/// @param temperature at which they are drawn
/// @param vocabulary V
/// @param seed of all draws
public record SampledCodec(int draws, double temperature, int vocabulary, long seed)
    implements TokenCodec {

  /// A number below 1 that has 52 bits: times any sum it is below the sum.
  private static final double UNIT = 0x1p-52;

  public SampledCodec {
    if (draws < 1 || vocabulary < 1 || !(temperature > 0)) {
      throw new IllegalArgumentException(
          "%d draws of %d tokens at temperature %s".formatted(draws, vocabulary, temperature));
    }
  }

  @Override
  public String label() {
    return "sampled, %d draws".formatted(draws);
  }

  @Override
  public String measure() {
    return "KL(drawn ‖ teacher)";
  }

  @Override
  public List<EncodedRow> encode(Tensor logitsNV, long[] seedsN) {
    TokenCodec.requireWidth(logitsNV.size(-1), vocabulary);
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Tensor pNV = Functions.softmax(logitsNV.times(1 / temperature), -1).to(DType.FLOAT64);
      Tensor cumulativeNV = pNV.cumulativeSum(-1);
      double[] masses = cumulativeNV.narrow(-1, vocabulary - 1, 1).toDoubles();
      Tensor idsND = Functions.countAtMost(cumulativeNV, places(masses, seedsN));
      double[] ids = idsND.toDoubles();
      double[] p = pNV.gather(-1, idsND).toDoubles();
      List<EncodedRow> rows = new ArrayList<>();
      for (int row = 0; row < masses.length; row++) {
        rows.add(encode(ids, p, row, masses[row]));
      }
      return rows;
    }
  }

  /// Where in its row each draw falls, in ascending order, `[N, draws]`.
  private Tensor places(double[] masses, long[] seedsN) {
    double[] places = new double[masses.length * draws];
    for (int row = 0; row < masses.length; row++) {
      long ofRow = Seed.derive(seed, seedsN[row]);
      int first = row * draws;
      for (int draw = 0; draw < draws; draw++) {
        places[first + draw] = (Seed.derive(ofRow, draw) >>> 12) * UNIT * masses[row];
      }
      Arrays.sort(places, first, first + draws);
    }
    return Tensors.of(places, masses.length, draws);
  }

  private EncodedRow encode(double[] ids, double[] p, int row, double mass) {
    List<Drawn> drawn = new ArrayList<>();
    double error = 0;
    int end = (row + 1) * draws;
    for (int first = row * draws, next = first; first < end; first = next) {
      while (next < end && ids[next] == ids[first]) {
        next++;
      }
      double share = (next - first) / (double) draws;
      error += share * Math.log(share * mass / p[first]);
      drawn.add(new Drawn((int) ids[first], next - first));
    }
    return new EncodedRow(packed(drawn), error);
  }

  /// A token and how often it was drawn.
  private record Drawn(int id, int count) {}

  private byte[] packed(List<Drawn> drawn) {
    int drawBits = Bits.forNumbersBelow(draws);
    int idBits = Bits.forNumbersBelow(vocabulary);
    Bits.Writer writer = new Bits.Writer(drawBits + drawn.size() * (idBits + drawBits));
    writer.write(drawn.size() - 1, drawBits);
    drawn.forEach(token -> writer.write(token.id(), idBits));
    drawn.forEach(token -> writer.write(token.count() - 1, drawBits));
    return writer.toBytes();
  }

  @Override
  public Distribution.Sampled decode(ByteBuffer rows, int count) {
    Bits.Reader reader = new Bits.Reader(rows);
    List<List<Drawn>> all = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      reader.align();
      all.add(read(reader));
    }
    reader.requireEnd();
    int width = all.stream().mapToInt(List::size).max().orElse(1);
    long[] ids = new long[count * width];
    float[] weights = new float[count * width];
    for (int row = 0; row < count; row++) {
      fill(all.get(row), row * width, width, ids, weights);
    }
    return new Distribution.Sampled(
        Tensors.of(ids, count, width), Tensors.of(weights, count, width), temperature);
  }

  private List<Drawn> read(Bits.Reader reader) {
    int drawBits = Bits.forNumbersBelow(draws);
    int[] ids = new int[reader.read(drawBits) + 1];
    Arrays.setAll(ids, _ -> reader.read(Bits.forNumbersBelow(vocabulary)));
    List<Drawn> drawn = new ArrayList<>();
    for (int id : ids) {
      drawn.add(new Drawn(id, reader.read(drawBits) + 1));
    }
    return drawn;
  }

  /// A row of tokens that were drawn, continued with others, each once, of weight 0.
  private void fill(List<Drawn> drawn, int first, int width, long[] ids, float[] weights) {
    int at = first;
    for (Drawn token : drawn) {
      ids[at] = token.id();
      weights[at++] = token.count() / (float) draws;
    }
    int next = 0;
    for (int other = 0; at < first + width; other++) {
      if (next < drawn.size() && drawn.get(next).id() == other) {
        next++;
      } else {
        ids[at++] = other;
      }
    }
  }
}
