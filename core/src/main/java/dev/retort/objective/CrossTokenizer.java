package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.signal.Distribution.Aligned;
import dev.retort.signal.Need;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/// The divergence from a teacher with another tokenizer, in the manner of GOLD (Patiño et al. 2025)
/// and ULD (Boizard et al. 2024, arXiv 2402.12030), over groups of tokens that cover the same
/// bytes.
///
/// A group is `k` tokens `s` of the student and `m` tokens `t` of the teacher. By the chain rule
/// its text has the probability `M = ∏ⱼ pⱼ(tⱼ)` under the teacher and `∏ⱼ qⱼ(sⱼ)` under the
/// student. Both models stand at the same place of the text before the group's first tokens, where
///
/// ```
/// u(v) = p₁(v), but p₁(t₁) − M at t₁             what the teacher says of its other tokens
/// d(w) = u(v) where w spells what v spells, + M at s₁
/// μ · (Σ_w d(w) · (log d(w) − log q(w)) + b · (log b − log c)) + (1 − μ) · Σᵢ |u₍ᵢ₎ − q₍ᵢ₎|
/// ```
///
/// The first sum is over `s₁` and the tokens that both have. All others are one bucket, of mass `b`
/// under the teacher and `c` under the student, so that the whole is a true divergence; and their
/// sorted probabilities are compared by the last sum, the shorter continued with zeros. At later
/// tokens of the group the loss is `−μ · M · log qⱼ(sⱼ)`: together the tokens of a group have the
/// divergence's term for its text, `M · (log M − Σⱼ log qⱼ(sⱼ))`. A row in no group adds nothing.
/// Where all groups are of one token and both vocabularies are the same, this is forward KL. If the
/// student has no token that the teacher has not, there is no bucket, and `d` is brought to sum 1.
///
/// All probabilities are taken at the temperature `T`, and the loss is multiplied by `T²`.
///
/// @param temperature T, above 0
/// @param matched μ, in [0, 1]
@Named("cross-tokenizer")
@Doc(
    "Forward KL on the tokens that two vocabularies share and sorted probabilities on the rest, for"
        + " a teacher with another tokenizer (GOLD; Boizard et al. 2024).")
public record CrossTokenizer(
    @Default("1.0") @Doc("Temperature that divides the logits of both sides, above 0.")
        double temperature,
    @Doc(
            "Weight of the shared tokens, in [0, 1]; the rest has what is left of 1. If left out, the"
                + " share of the teacher's tokens that the student has too.")
        Optional<Double> matched)
    implements RowObjective {

  public CrossTokenizer {
    Check.positive("temperature", temperature);
    matched.ifPresent(weight -> Check.within("matched", weight, 0, 1));
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.DISTRIBUTION);
  }

  @Override
  public Tensor sum(Rows rows) {
    if (!(rows.requireTeacher() instanceof Aligned teacher)) {
      return new ForwardKl(temperature).sum(rows);
    }
    double weight =
        matched.orElse(teacher.vocabulary().mapped() / (double) teacher.vocabulary().teacherSize());
    AlignedGroups groups = new AlignedGroups(teacher, temperature);
    // A row in no group has a gradient, too: 0.
    Tensor sum = rows.logitsNV().sum().times(0);
    int[] firsts = groups.firsts();
    if (firsts.length > 0) {
      sum = sum.plus(ofFirsts(rows, firsts, groups, weight));
    }
    int[] others = groups.others();
    if (others.length > 0 && weight > 0) {
      sum = sum.plus(ofOthers(rows, others, groups).times(weight));
    }
    return sum.times(temperature * temperature);
  }

  private Tensor ofFirsts(Rows rows, int[] firsts, AlignedGroups groups, double weight) {
    Tensor rowsN = index(firsts);
    Tensor logQNV = Outcomes.tempered(rows.logitsNV().indexSelect(0, rowsN), temperature);
    Tensor labelsN1 = rows.labelsN().indexSelect(0, rowsN).unsqueeze(-1);
    SharedOutcomes outcomes = groups.outcomes(firsts, logQNV, labelsN1);
    Tensor divergence = outcomes.divergence();
    return weight == 1
        ? divergence
        : divergence.times(weight).plus(outcomes.distanceOfRests().times(1 - weight));
  }

  /// `−Σ M · log q` at tokens of the student before which the teacher has none that ends.
  private Tensor ofOthers(Rows rows, int[] others, AlignedGroups groups) {
    Tensor rowsN = index(others);
    Tensor logQNV = Outcomes.tempered(rows.logitsNV().indexSelect(0, rowsN), temperature);
    Tensor labelsN1 = rows.labelsN().indexSelect(0, rowsN).unsqueeze(-1);
    Tensor massesN1 = Tensors.of(groups.massesOfTexts(others), others.length, 1).to(logQNV.dtype());
    return logQNV.gather(-1, labelsN1).times(massesN1).sum().times(-1);
  }

  private static Tensor index(int[] rows) {
    long[] wide = Arrays.stream(rows).asLongStream().toArray();
    return Tensors.of(wide, wide.length);
  }
}
