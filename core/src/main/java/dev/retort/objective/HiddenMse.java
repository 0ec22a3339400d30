package dev.retort.objective;

import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Inline;
import dev.retort.catalog.Named;
import dev.retort.signal.Need;
import dev.retort.tensor.Tensor;
import java.util.List;
import java.util.Set;

/// Mean squared error between hidden states (Romero et al. 2015; TinyBERT, Jiao et al. 2020, arXiv
/// 1909.10351):
///
/// ```
/// mean over layer pairs, tokens and features of (W·s − t)²
/// ```
///
/// `W` is trained along where the widths differ, and left out where they agree.
///
/// @param layers which layers are compared
/// @param embeddings whether the output of the embeddings is compared as well
@Named("hidden-mse")
@Doc("Mean squared error between hidden states of matched layers (Jiao et al. 2020).")
public record HiddenMse(
    @Inline Layers layers,
    @Default("true") @Doc("Whether the output of the embeddings is compared as well.")
        boolean embeddings)
    implements FeatureObjective {

  @Override
  public Set<Need> needs() {
    return Set.of(Need.HIDDEN_STATES);
  }

  @Override
  public List<String> problems(ModelShape teacher, ModelShape student) {
    return layers.problems(teacher, student);
  }

  @Override
  public BoundFeature bind(ModelShape teacher, ModelShape student, long seed) {
    return HiddenFeature.of(
        layers.of(teacher, student), embeddings, teacher, student, seed, HiddenMse::perToken);
  }

  static Tensor perToken(Tensor studentBTD, Tensor teacherBTD) {
    return studentBTD.minus(teacherBTD).square().mean(-1, false);
  }
}
