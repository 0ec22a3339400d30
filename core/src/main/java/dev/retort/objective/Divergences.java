package dev.retort.objective;

import dev.retort.tensor.ArrayDivergence;
import dev.retort.tensor.Functions;
import dev.retort.tensor.OutcomeBlock;
import dev.retort.tensor.Tensor;

/// The divergences of the literature. `p` is the teacher. Those that are an [ArrayDivergence] too
/// say the same twice: in operators, the plain definition, and in one loop for wide rows.
final class Divergences {

  private Divergences() {}

  /// `KL(p ‖ q)`.
  record Forward() implements Divergence, ArrayDivergence {

    @Override
    public Comparison compare(Tensor logPNO, Tensor logQNO) {
      Tensor pNO = logPNO.exp();
      return new Comparison(() -> pNO.times(logPNO.minus(logQNO)), () -> pNO.times(-1));
    }

    @Override
    public void compare(OutcomeBlock block) {
      ArrayLoops.forward(block);
    }
  }

  /// `KL(q ‖ p)`.
  record Reverse() implements Divergence, ArrayDivergence {

    @Override
    public Comparison compare(Tensor logPNO, Tensor logQNO) {
      Tensor qNO = logQNO.exp();
      Tensor termsNO = qNO.times(logQNO.minus(logPNO));
      return new Comparison(() -> termsNO, () -> termsNO.plus(qNO));
    }

    @Override
    public void compare(OutcomeBlock block) {
      ArrayLoops.reverse(block);
    }
  }

  /// `β·KL(p ‖ m) + (1 − β)·KL(q ‖ m)` with `m = β·p + (1 − β)·q`; the derivative by `q` is `(1 −
  /// β)·log(q/m)`.
  record JensenShannon(double beta) implements Divergence, ArrayDivergence {

    @Override
    public Comparison compare(Tensor logPNO, Tensor logQNO) {
      Tensor logMNO = mixture(logPNO, beta, logQNO);
      Tensor ofStudent = logQNO.exp().times(logQNO.minus(logMNO)).times(1 - beta);
      return new Comparison(
          () -> logPNO.exp().times(logPNO.minus(logMNO)).times(beta).plus(ofStudent),
          () -> ofStudent);
    }

    @Override
    public void compare(OutcomeBlock block) {
      ArrayLoops.jensenShannon(block, beta);
    }
  }

  /// `KL(p ‖ m)` with `m = α·p + (1 − α)·q`; the derivative by `q` is `−(1 − α)·p/m`.
  record Skew(double alpha) implements Divergence, ArrayDivergence {

    @Override
    public Comparison compare(Tensor logPNO, Tensor logQNO) {
      Tensor logMNO = mixture(logPNO, alpha, logQNO);
      return new Comparison(
          () -> logPNO.exp().times(logPNO.minus(logMNO)),
          () -> logQNO.plus(logPNO).minus(logMNO).exp().times(alpha - 1));
    }

    @Override
    public void compare(OutcomeBlock block) {
      ArrayLoops.skew(block, alpha);
    }
  }

  /// `KL(q ‖ m)` with `m = α·q + (1 − α)·p`; the derivative by `q`, through the mixture, is
  /// `log(q/m) + 1 − α·q/m`.
  record SkewReverse(double alpha) implements Divergence, ArrayDivergence {

    @Override
    public Comparison compare(Tensor logPNO, Tensor logQNO) {
      Tensor logRatioNO = logQNO.minus(mixture(logQNO, alpha, logPNO));
      Tensor qNO = logQNO.exp();
      return new Comparison(
          () -> qNO.times(logRatioNO),
          () -> qNO.times(logRatioNO.plus(1).minus(logRatioNO.exp().times(alpha))));
    }

    @Override
    public void compare(OutcomeBlock block) {
      ArrayLoops.skewReverse(block, alpha);
    }
  }

  /// `½ · Σ|p − q|`.
  record TotalVariation() implements Divergence, ArrayDivergence {

    @Override
    public Comparison compare(Tensor logPNO, Tensor logQNO) {
      Tensor qNO = logQNO.exp();
      Tensor gapNO = qNO.minus(logPNO.exp());
      return new Comparison(
          () -> gapNO.absolute().times(0.5), () -> qNO.times(gapNO.sign()).times(0.5));
    }

    @Override
    public void compare(OutcomeBlock block) {
      ArrayLoops.totalVariation(block);
    }
  }

  /// `g·KL(p ‖ q) + (1 − g)·KL(q ‖ p)`, where `g` is the share of `Σ|p − q|` that lies in the
  /// teacher's head; no gradient flows through `g`.
  record Adaptive(double mass) implements Divergence {

    private static final Divergence FORWARD = new Forward();
    private static final Divergence REVERSE = new Reverse();

    /// Keeps the share defined where teacher and student agree exactly.
    private static final double SMALLEST_GAP = 1e-30;

    @Override
    public Comparison compare(Tensor logPNO, Tensor logQNO) {
      Tensor shareN1 = headShareN1(logPNO, logQNO.detach());
      Comparison forward = FORWARD.compare(logPNO, logQNO);
      Comparison reverse = REVERSE.compare(logPNO, logQNO);
      return new Comparison(
          () -> mixed(shareN1, forward.termsNO().get(), reverse.termsNO().get()),
          () -> mixed(shareN1, forward.weightedNO().get(), reverse.weightedNO().get()));
    }

    private static Tensor mixed(Tensor shareN1, Tensor forwardNO, Tensor reverseNO) {
      return forwardNO.times(shareN1).plus(reverseNO.times(shareN1.times(-1).plus(1)));
    }

    /// The head is the outcomes from the likeliest on, as long as their mass is at most `mass`, and
    /// the likeliest in any case.
    private Tensor headShareN1(Tensor logPNO, Tensor logQNO) {
      Tensor orderNO = Functions.orderDescending(logPNO, -1);
      Tensor pNO = logPNO.exp().gather(-1, orderNO);
      Tensor gapNO = pNO.minus(logQNO.exp().gather(-1, orderNO)).absolute();
      Tensor inHeadNO = pNO.cumulativeSum(-1).isAtMost(mass).to(pNO.dtype());
      Tensor headN1 = gapNO.times(inHeadNO).sum(-1, true);
      Tensor firstN1 = gapNO.narrow(-1, 0, 1).times(inHeadNO.narrow(-1, 0, 1).times(-1).plus(1));
      return headN1.plus(firstN1).dividedBy(gapNO.sum(-1, true).atLeast(SMALLEST_GAP));
    }
  }

  /// `log(share · eᵃ + (1 − share) · eᵇ)`; the share is above 0 and below 1.
  private static Tensor mixture(Tensor a, double share, Tensor b) {
    return Functions.logAddExp(a.plus(Math.log(share)), b.plus(Math.log1p(-share)));
  }
}
