package dev.retort.objective;

import dev.retort.model.LinearHead;
import dev.retort.tensor.Chunks;
import dev.retort.tensor.InPlace;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A linear head with the losses of its logits, computed for a few rows at a time: hidden states to
/// logits, to losses, to the gradient of the logits, to those of hidden states and head.
///
/// Logits of all rows, `[N, V]`, never exist. The result is that of computing them, whatever the
/// size of a chunk is: losses are sums over rows. The three products are computed in the number
/// format of the hidden states, the losses and the sum of the head's gradient in at least 32 bits.
///
/// @param head of the student
/// @param terms what is minimised; more than one costs memory for a chunk's gradient each
/// @param chunkRows rows at a time; small chunks read the head more often than they need
public record HeadLoss(LinearHead head, List<Term> terms, long chunkRows) {

  /// How many logits a chunk has by default: 64 MiB, at which the products run at nearly the speed
  /// that they have on all rows.
  private static final long CHUNK = 1L << 24;

  /// An objective and what its sum is multiplied by: its weight over the rows of the whole step.
  public record Term(RowObjective objective, double scale) {}

  public HeadLoss {
    terms = List.copyOf(terms);
    if (terms.isEmpty() || chunkRows < 1) {
      throw new IllegalArgumentException(
          "%d terms, %d rows in a chunk; both must be at least 1"
              .formatted(terms.size(), chunkRows));
    }
  }

  /// In chunks of the default size.
  public static HeadLoss of(LinearHead head, List<Term> terms) {
    return new HeadLoss(head, terms, chunkRows(head));
  }

  /// How many rows of `head` a chunk has by default.
  public static long chunkRows(LinearHead head) {
    return Math.max(1, CHUNK / head.outcomes());
  }

  /// The losses of `rows` and their gradient; the head's is added to `gradient`.
  public HeadGradient lossAndGradient(HeadRows rows, LinearHead gradient) {
    return lossAndGradient(rows, Optional.of(gradient));
  }

  /// The losses of `rows` and their gradient; the head's is added to `gradient`, if there is one. A
  /// frozen head has none, which saves one product of three.
  public HeadGradient lossAndGradient(HeadRows rows, Optional<LinearHead> gradient) {
    Tensor hiddenND = rows.hiddenND().detach();
    Tensor hiddenGradientND = Tensors.zerosLike(hiddenND);
    double[] sums = new double[terms.size()];
    long all = hiddenND.size(0);
    try (Scope _ = Scope.open()) {
      ChunkedLogits logits = new ChunkedLogits(head, hiddenND, Math.min(chunkRows, all));
      Chunks.visit(
          all,
          chunkRows,
          (first, count) -> {
            Tensor gradientNV = gradient(rows.chunk(logits.of(first, count), first), sums);
            rows.weightsN()
                .map(weightsN -> weightsN.narrow(0, first, count).unsqueeze(-1))
                .ifPresent(weightsN1 -> InPlace.times(gradientNV, weightsN1));
            Tensor chunkND = hiddenGradientND.narrow(0, first, count);
            try (NoGrad _ = NoGrad.open()) {
              Tensor narrowNV = logits.narrowed(gradientNV);
              InPlace.product(chunkND, narrowNV, logits.head().weightVD());
              chunkND.timesInPlace(commonScale());
              Tensor readND = hiddenND.narrow(0, first, count);
              gradient.ifPresent(sum -> sum.addGradient(narrowNV, readND, commonScale()));
            }
          });
    }
    return new HeadGradient(Arrays.stream(sums).boxed().toList(), hiddenGradientND);
  }

  /// The gradient by a chunk's logits but for [#commonScale], in their own memory if the last term
  /// can do that.
  private Tensor gradient(Rows rows, double[] sums) {
    int last = terms.size() - 1;
    List<RowLoss> others =
        terms.stream().limit(last).map(term -> term.objective().lossAndGradient(rows)).toList();
    RowLoss loss = terms.get(last).objective().lossAndGradientInPlace(rows);
    sums[last] += loss.sum().item();
    Tensor gradientNV = loss.gradientNV();
    if (last > 0) {
      gradientNV.timesInPlace(terms.get(last).scale());
    }
    for (int i = 0; i < last; i++) {
      sums[i] += others.get(i).sum().item();
      gradientNV.addInPlace(others.get(i).gradientNV().timesInPlace(terms.get(i).scale()));
    }
    return gradientNV;
  }

  /// The scale of a single term is left to the products, which it costs nothing.
  private double commonScale() {
    return terms.size() == 1 ? terms.getFirst().scale() : 1;
  }
}
