package dev.retort.objective;

import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Inline;
import dev.retort.catalog.Named;
import dev.retort.signal.Need;
import dev.retort.tensor.Tensor;
import java.util.List;
import java.util.Set;

/// Cosine distance between hidden states (DistilBERT, Sanh et al. 2019, arXiv 1910.01108):
///
/// ```
/// mean over layer pairs and tokens of 1 − cos(W·s, t)
/// ```
///
/// `W` is trained along where the widths differ, and left out where they agree.
///
/// @param layers which layers are compared
/// @param embeddings whether the output of the embeddings is compared as well
@Named("hidden-cosine")
@Doc("Cosine distance between hidden states of matched layers (Sanh et al. 2019).")
public record HiddenCosine(
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
        layers.of(teacher, student), embeddings, teacher, student, seed, HiddenCosine::perToken);
  }

  static Tensor perToken(Tensor studentBTD, Tensor teacherBTD) {
    return Vectors.cosine(studentBTD, teacherBTD).times(-1).plus(1.0);
  }
}
