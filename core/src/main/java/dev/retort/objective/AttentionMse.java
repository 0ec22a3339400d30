package dev.retort.objective;

import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Inline;
import dev.retort.catalog.Named;
import dev.retort.signal.Need;
import dev.retort.tensor.Tensor;
import java.util.List;
import java.util.Set;

/// Mean squared error between attention scores before the softmax (TinyBERT, Jiao et al. 2020,
/// arXiv 1909.10351, which found them to teach better than probabilities):
///
/// ```
/// mean over layer pairs, heads and pairs of real tokens of (a_s − a_t)²      a = q·k / √d
/// ```
///
/// @param layers which layers are compared
/// @param heads what to do where the numbers of heads differ
@Named("attention-mse")
@Doc("Mean squared error between attention scores before the softmax (Jiao et al. 2020).")
public record AttentionMse(
    @Inline Layers layers,
    @Default("refuse") @Doc("What to do where the numbers of heads differ.") HeadMismatch heads)
    implements FeatureObjective {

  @Override
  public Set<Need> needs() {
    return Set.of(Need.ATTENTION_SCORES);
  }

  @Override
  public List<String> problems(ModelShape teacher, ModelShape student) {
    return Attentions.problems(layers, heads, teacher, student);
  }

  @Override
  public BoundFeature bind(ModelShape teacher, ModelShape student, long seed) {
    return Attentions.bind(
        layers.of(teacher, student),
        teacher.heads() != student.heads(),
        BoundFeature.Counted.TOKEN_PAIRS,
        AttentionMse::sum);
  }

  private static Tensor sum(Tensor studentBHTT, Tensor teacherBHTT, Tensor maskBT) {
    Tensor pairsB1TT = Attentions.realPairs(maskBT, studentBHTT.dtype());
    return studentBHTT
        .minus(teacherBHTT)
        .times(pairsB1TT)
        .square()
        .sum()
        .times(1.0 / studentBHTT.size(1));
  }
}
