package dev.retort.teacher;

import dev.retort.catalog.Catalog;
import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.List;

/// How much each of several teachers is trusted.
///
/// The weight of a teacher in a row is the recipe's weight of the teacher times this trust, over
/// the sum of that product over all teachers.
public sealed interface Weighting {

  /// The weightings by name.
  Catalog<Weighting> CATALOG =
      Catalog.of("weighting", Weighting.class, Fixed.class, Quality.class, Confidence.class);

  /// The trust in each teacher, of which only proportions within a row matter: at least 0 and not
  /// all 0, `[N, M]`.
  Tensor trustNM(Opinions opinions);

  /// The same trust in all: the weights of the recipe alone.
  @Named("fixed")
  @Doc("The weights of the recipe, in every row.")
  record Fixed() implements Weighting {
    @Override
    public Tensor trustNM(Opinions opinions) {
      return Tensors.ones(opinions.labelsN().size(0), opinions.logitsNV().size());
    }
  }

  /// Trust by how good a teacher is on the validation data: `accuracyᵖ`.
  ///
  /// @param power p, above 0
  @Named("quality")
  @Doc("In proportion to a power of each teacher's accuracy on the validation data.")
  record Quality(
      @Default("1.0") @Doc("The power of the accuracy; a higher one trusts the best teachers more.")
          double power)
      implements Weighting {

    /// Keeps proportions defined where no teacher is ever right.
    private static final double LOWEST = 1e-6;

    public Quality {
      Check.positive("power", power);
    }

    @Override
    public Tensor trustNM(Opinions opinions) {
      List<Double> qualities = opinions.qualities();
      double[] trust =
          qualities.stream()
              .mapToDouble(quality -> Math.pow(Math.max(quality, LOWEST), power))
              .toArray();
      return new Fixed()
          .trustNM(opinions)
          .times(Tensors.of(trust, 1, trust.length).to(opinions.logitsNV().getFirst().dtype()));
    }
  }

  /// Trust by how sure a teacher is of this very row.
  ///
  /// By `entropy` it is `1 − H(p)/log V`, where `p = softmax(t)`: 1 for a teacher without doubt, 0
  /// for one who cannot tell the labels apart. By `label` it is `1 − softmax over teachers of the
  /// cross-entropy with the true label` (CA-MKD, Zhang, Chen and Wang 2022, arXiv 2201.00007); a
  /// row whose label is not known is weighed by entropy.
  ///
  /// @param by what confidence is read from
  @Named("confidence")
  @Doc("In proportion to how confident each teacher is about the example.")
  record Confidence(
      @Default("entropy")
          @Doc(
              "What confidence is read from: the `entropy` of the answer, or the probability that"
                  + " it gives the true `label` where that is known.")
          Sign by)
      implements Weighting {

    /// Keeps proportions defined where every teacher is at a loss.
    private static final double LOWEST = 1e-6;

    /// What tells how confident a teacher is.
    public enum Sign {
      /// One minus the entropy of the answer over that of a guess.
      ENTROPY,
      /// The cross-entropy with the true label, against that of the other teachers.
      LABEL
    }

    @Override
    public Tensor trustNM(Opinions opinions) {
      List<Tensor> logPNV =
          opinions.logitsNV().stream().map(logits -> Functions.logSoftmax(logits, -1)).toList();
      Tensor certaintyNM = columns(logPNV.stream().map(Confidence::certaintyN1).toList());
      return switch (by) {
        case ENTROPY -> certaintyNM;
        case LABEL -> {
          Tensor labelsN1 = opinions.labelsN().unsqueeze(-1);
          Tensor knownN1 = labelsN1.isAtLeast(0).to(certaintyNM.dtype());
          Tensor agreementNM = agreementNM(logPNV, labelsN1.atLeast(0L));
          yield agreementNM.times(knownN1).plus(certaintyNM.times(knownN1.times(-1).plus(1)));
        }
      };
    }

    private static Tensor certaintyN1(Tensor logPNV) {
      double most = Math.log((double) logPNV.size(-1));
      Tensor negativeEntropyN1 = logPNV.exp().times(logPNV).sum(-1, true);
      return negativeEntropyN1.times(1 / most).plus(1).atLeast(LOWEST);
    }

    private static Tensor agreementNM(List<Tensor> logPNV, Tensor labelsN1) {
      Tensor crossEntropyNM =
          columns(logPNV.stream().map(logP -> logP.gather(-1, labelsN1).times(-1)).toList());
      return Functions.softmax(crossEntropyNM, -1).times(-1).plus(1);
    }

    private static Tensor columns(List<Tensor> partsN1) {
      return Tensors.concatenate(partsN1, -1);
    }
  }
}
