package dev.retort.objective;

import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Inline;
import dev.retort.catalog.Named;
import dev.retort.signal.Need;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import java.util.List;
import java.util.Set;

/// KL divergence between attention probabilities (MiniLM, Wang et al. 2020, arXiv 2002.10957,
/// equation 2):
///
/// ```
/// mean over layer pairs, heads and real queries of KL(softmax(a_t) ‖ softmax(a_s))
/// ```
///
/// over the real keys.
///
/// @param layers which layers are compared
/// @param heads what to do where the numbers of heads differ
@Named("attention-kl")
@Doc("KL divergence between attention probabilities of matched layers (Wang et al. 2020).")
public record AttentionKl(
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
        BoundFeature.Counted.TOKENS,
        AttentionKl::sum);
  }

  private static Tensor sum(Tensor studentBHTT, Tensor teacherBHTT, Tensor maskBT) {
    return Attentions.divergence(
        Functions.logSoftmax(teacherBHTT, -1), Functions.logSoftmax(studentBHTT, -1), maskBT);
  }
}
