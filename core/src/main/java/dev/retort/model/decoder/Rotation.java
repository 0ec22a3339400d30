package dev.retort.model.decoder;

import dev.retort.tensor.DType;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.List;

/// The turns of the tokens of one pass.
///
/// @param cosineN1d cosines, `[N, 1, d/2]`
/// @param sineN1d sines, `[N, 1, d/2]`
record Rotation(Tensor cosineN1d, Tensor sineN1d) {

  /// The turns of `rope` at these positions, for heads of this width.
  static Rotation of(Rope rope, long[] positions, int headSize) {
    long[] distinct = Arrays.stream(positions).distinct().sorted().toArray();
    long[] places =
        Arrays.stream(positions).map(position -> Arrays.binarySearch(distinct, position)).toArray();
    double[] frequencies = rope.frequencies(headSize);
    float[][] cosines = new float[distinct.length][frequencies.length];
    float[][] sines = new float[distinct.length][frequencies.length];
    for (int row = 0; row < distinct.length; row++) {
      for (int pair = 0; pair < frequencies.length; pair++) {
        double angle = distinct[row] * frequencies[pair];
        cosines[row][pair] = (float) Math.cos(angle);
        sines[row][pair] = (float) Math.sin(angle);
      }
    }
    Tensor placesN = Tensors.of(places, places.length);
    return new Rotation(
        Tensors.of(cosines).indexSelect(0, placesN).unsqueeze(1),
        Tensors.of(sines).indexSelect(0, placesN).unsqueeze(1));
  }

  /// Every head of `xNHd` turned, in 32 bits: the pair of dimensions `i` and `i + d/2` together.
  Tensor turned(Tensor xNHd) {
    long half = xNHd.size(-1) / 2;
    Tensor wide = xNHd.to(DType.FLOAT32);
    Tensor first = wide.narrow(-1, 0, half);
    Tensor second = wide.narrow(-1, half, half);
    return Tensors.concatenate(
        List.of(
            first.times(cosineN1d).minus(second.times(sineN1d)),
            second.times(cosineN1d).plus(first.times(sineN1d))),
        -1);
  }
}
