package dev.retort.objective;

import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;

/// The divergences of the literature. `p` is the teacher.
final class Divergences {

  private Divergences() {}

  /// `KL(p ‖ q)`.
  record Forward() implements Divergence {

    @Override
    public Tensor termsNO(Tensor logPNO, Tensor logQNO) {
      return logPNO.exp().times(logPNO.minus(logQNO));
    }

    @Override
    public Tensor weightedNO(Tensor logPNO, Tensor logQNO) {
      return logPNO.exp().times(-1);
    }
  }

  /// `KL(q ‖ p)`.
  record Reverse() implements Divergence {

    @Override
    public Tensor termsNO(Tensor logPNO, Tensor logQNO) {
      return logQNO.exp().times(logQNO.minus(logPNO));
    }

    @Override
    public Tensor weightedNO(Tensor logPNO, Tensor logQNO) {
      return logQNO.exp().times(logQNO.minus(logPNO).plus(1));
    }
  }

  /// `β·KL(p ‖ m) + (1 − β)·KL(q ‖ m)` with `m = β·p + (1 − β)·q`; the derivative by `q` is `(1 −
  /// β)·log(q/m)`.
  record JensenShannon(double beta) implements Divergence {

    @Override
    public Tensor termsNO(Tensor logPNO, Tensor logQNO) {
      Tensor logMNO = mixture(logPNO, beta, logQNO);
      Tensor ofTeacher = logPNO.exp().times(logPNO.minus(logMNO)).times(beta);
      return ofTeacher.plus(logQNO.exp().times(logQNO.minus(logMNO)).times(1 - beta));
    }

    @Override
    public Tensor weightedNO(Tensor logPNO, Tensor logQNO) {
      Tensor logMNO = mixture(logPNO, beta, logQNO);
      return logQNO.exp().times(logQNO.minus(logMNO)).times(1 - beta);
    }
  }

  /// `KL(p ‖ m)` with `m = α·p + (1 − α)·q`; the derivative by `q` is `−(1 − α)·p/m`.
  record Skew(double alpha) implements Divergence {

    @Override
    public Tensor termsNO(Tensor logPNO, Tensor logQNO) {
      return logPNO.exp().times(logPNO.minus(mixture(logPNO, alpha, logQNO)));
    }

    @Override
    public Tensor weightedNO(Tensor logPNO, Tensor logQNO) {
      Tensor logMNO = mixture(logPNO, alpha, logQNO);
      return logQNO.plus(logPNO).minus(logMNO).exp().times(alpha - 1);
    }
  }

  /// `KL(q ‖ m)` with `m = α·q + (1 − α)·p`; the derivative by `q`, through the mixture, is
  /// `log(q/m) + 1 − α·q/m`.
  record SkewReverse(double alpha) implements Divergence {

    @Override
    public Tensor termsNO(Tensor logPNO, Tensor logQNO) {
      return logQNO.exp().times(logQNO.minus(mixture(logQNO, alpha, logPNO)));
    }

    @Override
    public Tensor weightedNO(Tensor logPNO, Tensor logQNO) {
      Tensor logRatioNO = logQNO.minus(mixture(logQNO, alpha, logPNO));
      Tensor slopeNO = logRatioNO.plus(1).minus(logRatioNO.exp().times(alpha));
      return logQNO.exp().times(slopeNO);
    }
  }

  /// `½ · Σ|p − q|`.
  record TotalVariation() implements Divergence {

    @Override
    public Tensor termsNO(Tensor logPNO, Tensor logQNO) {
      return logPNO.exp().minus(logQNO.exp()).absolute().times(0.5);
    }

    @Override
    public Tensor weightedNO(Tensor logPNO, Tensor logQNO) {
      Tensor qNO = logQNO.exp();
      return qNO.times(qNO.minus(logPNO.exp()).sign()).times(0.5);
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
    public Tensor termsNO(Tensor logPNO, Tensor logQNO) {
      return mixed(
          headShareN1(logPNO, logQNO.detach()),
          FORWARD.termsNO(logPNO, logQNO),
          REVERSE.termsNO(logPNO, logQNO));
    }

    @Override
    public Tensor weightedNO(Tensor logPNO, Tensor logQNO) {
      return mixed(
          headShareN1(logPNO, logQNO),
          FORWARD.weightedNO(logPNO, logQNO),
          REVERSE.weightedNO(logPNO, logQNO));
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
