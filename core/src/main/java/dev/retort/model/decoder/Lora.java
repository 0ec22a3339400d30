package dev.retort.model.decoder;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import java.util.List;

/// What adapters are like (LoRA: Hu et al. 2021, arXiv 2106.09685): beside a frozen matrix `W`, a
/// product of two thin ones is trained, `W x + α/r · B (A x)`.
///
/// @param rank rows `r` of every `A`
/// @param alpha `α`
/// @param targets which matrices of every layer have one; all of them if empty
public record Lora(
    @Default("16") @Doc("Rank `r` of the change of a matrix.") int rank,
    @Default("32") @Doc("The changes are multiplied by `alpha / rank`.") double alpha,
    @Default("[]")
        @Doc(
            "Which matrices of every layer are changed: `query`, `key`, `value`, `output`, `gate`,"
                + " `up`, `down`; all of them if left out.")
        List<Projection> targets) {

  public Lora {
    targets = List.copyOf(targets);
    Check.atLeast("rank", rank, 1);
    Check.positive("alpha", alpha);
    Check.that(
        targets.stream().distinct().count() == targets.size(),
        "targets",
        "names one twice: %s".formatted(targets));
  }

  /// What changes are multiplied by.
  public double scale() {
    return alpha / rank;
  }

  /// The matrices that have an adapter in a decoder of this shape.
  public List<Projection> targetsIn(DecoderConfig config) {
    return targets.isEmpty() ? Projection.in(config) : targets;
  }

  /// How many numbers are trained in a decoder of this shape.
  public long parameters(DecoderConfig config) {
    return targetsIn(config).stream()
        .mapToLong(target -> {
          long[] shape = DecoderAxis.shape(target.module(0) + ".weight", config);
          return (shape[0] + shape[1]) * rank * config.layers();
        })
        .sum();
  }

  /// The smaller side of the smallest matrix that has an adapter: a higher rank changes no more.
  public int highestRank(DecoderConfig config) {
    return targetsIn(config).stream()
        .map(target -> DecoderAxis.shape(target.module(0) + ".weight", config))
        .mapToInt(shape -> Math.toIntExact(Math.min(shape[0], shape[1])))
        .min()
        .orElseThrow();
  }
}
