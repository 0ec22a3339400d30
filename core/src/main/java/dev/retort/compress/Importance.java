package dev.retort.compress;

import static dev.retort.model.EncoderNames.ATTENTION_OUTPUT;
import static dev.retort.model.EncoderNames.HEAD_OUTPUT;
import static dev.retort.model.EncoderNames.OUTPUT;

import dev.retort.model.Axis;
import dev.retort.model.EncoderConfig;
import dev.retort.model.EncoderNames;
import dev.retort.model.Head;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// How much each part of a network's width matters, judged by how strongly it is active
/// (Muralidharan et al. 2024, *Compact Language Models via Pruning and Knowledge Distillation*,
/// arXiv 2407.14679). It takes forward passes only.
///
/// @param seen what the network showed
/// @param config its shape
/// @param head its head
record Importance(Activations seen, EncoderConfig config, Head head) {

  /// What stays in a network of shape `to`: the most important parts. Heads stay whole.
  Kept<Axis> kept(EncoderConfig to) {
    List<Map<Axis, int[]>> byLayer =
        IntStream.range(0, config.layers())
            .mapToObj(layer ->
                Map.of(
                    Axis.HEADS,
                    Kept.features(strongest(heads(layer), to.heads()), config.headSize()),
                    Axis.INTERMEDIATE,
                    strongest(neurons(layer), to.intermediateSize())))
            .toList();
    Map<Axis, int[]> everywhere = new EnumMap<>(Axis.class);
    everywhere.put(Axis.HIDDEN, strongest(channels(), to.hiddenSize()));
    if (head instanceof Head.FirstToken) {
      everywhere.put(Axis.POOLED, strongest(pooled(), to.hiddenSize()));
    }
    return new Kept<>(everywhere, byLayer);
  }

  /// Of each channel of the residual stream: its mean magnitude where it is read, which is behind a
  /// normalisation, summed over all readers.
  double[] channels() {
    double[] sum = new double[config.hiddenSize()];
    seen.byModule().keySet().stream()
        .sorted() // sums in 64 bits depend on their order too
        .filter(this::readsChannels)
        .map(module -> seen.of(module).meanMagnitudes())
        .forEach(magnitudes -> Arrays.setAll(sum, i -> sum[i] + magnitudes[i]));
    return sum;
  }

  private boolean readsChannels(String module) {
    var axes = Axis.of(module + ".weight", head);
    return axes.size() == 2 && axes.getLast() == Axis.HIDDEN;
  }

  /// Of each head of a layer: the root mean square of what it hands to the output projection.
  double[] heads(int layer) {
    double[] squares = seen.of(EncoderNames.layer(layer, ATTENTION_OUTPUT)).meanSquares();
    int size = config.headSize();
    return IntStream.range(0, config.heads())
        .mapToDouble(index -> Arrays.stream(squares, index * size, (index + 1) * size).sum())
        .map(Math::sqrt)
        .toArray();
  }

  /// Of each neuron of a layer's feed-forward part: its mean magnitude behind the activation
  /// function.
  double[] neurons(int layer) {
    return seen.of(EncoderNames.layer(layer, OUTPUT)).meanMagnitudes();
  }

  /// Of each feature between the layers of a first-token head: its mean magnitude.
  double[] pooled() {
    return seen.of(HEAD_OUTPUT).meanMagnitudes();
  }

  /// The `count` places of the greatest scores, in ascending order of place; of equal scores those
  /// that come first.
  static int[] strongest(double[] scores, int count) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer place) -> -scores[place]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }
}
