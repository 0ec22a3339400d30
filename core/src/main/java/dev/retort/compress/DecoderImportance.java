package dev.retort.compress;

import dev.retort.model.decoder.AttentionShape;
import dev.retort.model.decoder.DecoderAxis;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.DecoderNames;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// How much each part of a decoder's width matters, judged by how strongly it is active
/// (Muralidharan et al. 2024, arXiv 2407.14679), as [Importance] judges encoders.
///
/// @param seen what the decoder showed
/// @param config its shape
record DecoderImportance(Activations seen, DecoderConfig config) {

  /// What stays in a decoder of shape `to`: the most important parts. Of the key-value heads as
  /// many as it has, the strongest, and with each of them the strongest of the query heads that
  /// share it, of every one as many.
  Kept<DecoderAxis> kept(DecoderConfig to) {
    List<Map<DecoderAxis, int[]>> byLayer =
        IntStream.range(0, config.layers()).mapToObj(layer -> kept(layer, to)).toList();
    return new Kept<>(
        Map.of(DecoderAxis.HIDDEN, Importance.strongest(channels(), to.hiddenSize())), byLayer);
  }

  private Map<DecoderAxis, int[]> kept(int layer, DecoderConfig to) {
    AttentionShape heads = config.attention();
    double[] squares = headSquares(layer);
    int group = heads.group();
    double[] groups =
        IntStream.range(0, heads.keyValueHeads())
            .mapToDouble(index -> sum(squares, index * group, group))
            .toArray();
    int[] keyValueHeads = Importance.strongest(groups, to.attention().keyValueHeads());
    int[] queryHeads =
        IntStream.of(keyValueHeads)
            .flatMap(index -> strongest(squares, index * group, group, to.attention().group()))
            .toArray();
    return Map.of(
        DecoderAxis.QUERY_HEADS, Kept.features(queryHeads, heads.headSize()),
        DecoderAxis.KEY_VALUE_HEADS, Kept.features(keyValueHeads, heads.headSize()),
        DecoderAxis.INTERMEDIATE, Importance.strongest(neurons(layer), to.intermediateSize()));
  }

  /// The places of the `count` greatest of the `length` scores from `first` on.
  private static IntStream strongest(double[] scores, int first, int length, int count) {
    double[] some = Arrays.copyOfRange(scores, first, first + length);
    return IntStream.of(Importance.strongest(some, count)).map(place -> first + place);
  }

  /// Of each channel of the residual stream: its mean magnitude where it is read, which is behind a
  /// normalisation, summed over all readers.
  double[] channels() {
    double[] sum = new double[config.hiddenSize()];
    seen.byModule().keySet().stream()
        .sorted() // sums in 64 bits depend on their order too
        .filter(DecoderImportance::readsChannels)
        .map(module -> seen.of(module).meanMagnitudes())
        .forEach(magnitudes -> Arrays.setAll(sum, i -> sum[i] + magnitudes[i]));
    return sum;
  }

  private static boolean readsChannels(String module) {
    List<DecoderAxis> axes = DecoderAxis.of(module + ".weight");
    return axes.size() == 2 && axes.getLast() == DecoderAxis.HIDDEN;
  }

  /// Of each query head of a layer: the mean square of what it hands to the output projection.
  double[] headSquares(int layer) {
    double[] squares =
        seen.of(DecoderNames.layer(layer, DecoderNames.ATTENTION_OUTPUT)).meanSquares();
    int size = config.attention().headSize();
    return IntStream.range(0, config.attention().heads())
        .mapToDouble(head -> sum(squares, head * size, size))
        .toArray();
  }

  private static double sum(double[] values, int first, int count) {
    return Arrays.stream(values, first, first + count).sum();
  }

  /// Of each neuron of a layer's feed-forward part: its mean magnitude where the second projection
  /// reads it, behind activation and gate.
  double[] neurons(int layer) {
    return seen.of(DecoderNames.layer(layer, DecoderNames.DOWN)).meanMagnitudes();
  }
}
