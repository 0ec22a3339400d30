package dev.retort.model;

import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Which rows of a batch are mixed, and how much of each is left (mixup, Zhang et al. 2018, arXiv
/// 1710.09412): `λ · x(i) + (1 − λ) · x(partners[i])`.
///
/// @param partners `[B]` the other row of each row
/// @param share λ, from 0 to 1
@SuppressWarnings("ArrayRecordComponent") // a tensor is made from this array as it is
public record Mix(long[] partners, double share) {

  /// A mix of `rows` rows by chance: partners by a permutation, and one λ from the distribution
  /// Beta(α, α), as in the authors' program.
  ///
  /// @param alpha the smaller, the more often λ is near 0 or 1; not far from 1
  public static Mix draw(int rows, double alpha, Random random) {
    List<Long> partners =
        IntStream.range(0, rows).mapToObj(row -> (long) row).collect(Collectors.toList());
    Collections.shuffle(partners, random);
    return new Mix(
        partners.stream().mapToLong(Long::longValue).toArray(), symmetricBeta(alpha, random));
  }

  /// Jöhnk's method: of pairs `u^(1/α)`, `v^(1/α)` whose sum is at most 1, the share of the first.
  private static double symmetricBeta(double alpha, Random random) {
    while (true) {
      double first = Math.pow(random.nextDouble(), 1 / alpha);
      double second = Math.pow(random.nextDouble(), 1 / alpha);
      double sum = first + second;
      if (sum > 0 && sum <= 1) {
        return first / sum;
      }
    }
  }

  /// The rows of `x` `[B, …]` mixed.
  public Tensor of(Tensor x) {
    return between(x, partnersOf(x));
  }

  /// `λ · own + (1 − λ) · partners`.
  public Tensor between(Tensor own, Tensor partners) {
    return own.times(share).plus(partners.times(1 - share));
  }

  /// For each row of `x` `[B, …]` that of its partner.
  public Tensor partnersOf(Tensor x) {
    Tensor indices = Tensors.of(partners, partners.length).to(x.device());
    return x.indexSelect(0, indices);
  }

  /// Where either of two mixed rows has a token: 1 where `maskBT` (0 or 1) is 1 for one of them.
  public Tensor union(Tensor maskBT) {
    Tensor otherBT = partnersOf(maskBT);
    return maskBT.plus(otherBT).minus(maskBT.times(otherBT));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mix that
        && share == that.share
        && Arrays.equals(partners, that.partners);
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(share) + Arrays.hashCode(partners);
  }

  @Override
  public String toString() {
    return "Mix[%s of each row, partners %s]".formatted(share, Arrays.toString(partners));
  }
}
