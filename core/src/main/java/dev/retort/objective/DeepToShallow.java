package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.model.EncoderOutput;
import dev.retort.model.Pooling;
import dev.retort.signal.Distribution;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// Deep layers teach shallow ones within one student ("Be Your Own Teacher", Zhang et al. 2019,
/// arXiv 1905.08094). Every chosen layer `l` gets a head of its own over its pooled states `hₗ`,
///
/// ```
/// mean over layers of (1 − α) · CE(label, softmax(zₗ)) + α · T² · KL(p ‖ pₗ) + λ · mean (hₗ − h)²
///
/// zₗ = Wₗ·hₗ + bₗ     p = softmax(z/T),  pₗ = softmax(zₗ/T)
/// ```
///
/// where `z` are the student's own logits and `h` the pooled states of its last layer, neither of
/// which gets a gradient from here. A text without a label learns from `z` alone. The student's own
/// head learns from the other terms of the recipe; those of the layers are trained along and never
/// exported.
///
/// @param layers which layers get a head, from 0; all but the last if empty
/// @param alpha α, the share of the student's own final decision
/// @param temperature T, above 0
/// @param hint λ, the weight of the last layer's states
/// @param pooling how states become one vector
@Named("deep-to-shallow")
@Doc(
    "Heads on shallow layers learn from the labels and from the student's own decision (Zhang et al."
        + " 2019).")
public record DeepToShallow(
    @Default("[]") @Doc("Layers that get a head, from 0; all but the last if left out.")
        List<Integer> layers,
    @Default("0.5") @Doc("Share of the student's own decision against the labels, in [0, 1].")
        double alpha,
    @Default("2.0") @Doc("Temperature that divides the logits of both sides, above 0.")
        double temperature,
    @Default("0.0") @Doc("Weight of the squared distance to the last layer's pooled states.")
        double hint,
    @Default("mean") @Doc("How a layer's states become one vector.") Pooling pooling)
    implements SelfObjective {

  /// The deviation of a new head's weights, as that of the student's own.
  private static final double DEVIATION = 0.02;

  public DeepToShallow {
    layers = List.copyOf(layers);
    Check.within("alpha", alpha, 0, 1);
    Check.positive("temperature", temperature);
    Check.atLeast("hint", hint, 0);
  }

  @Override
  public List<String> problems(ModelShape teacher, ModelShape student) {
    List<String> problems = new ArrayList<>();
    for (int layer : layers) {
      if (layer < 0 || layer >= student.layers() - 1) {
        problems.add(
            "layers: %d is no layer below the student's last; it has layers 0 to %d"
                .formatted(layer, student.layers() - 1));
      }
    }
    if (student.layers() < 2) {
      problems.add("deep-to-shallow needs a student with two layers or more");
    }
    return problems;
  }

  @Override
  public BoundSelf bind(ModelShape teacher, ModelShape student, long seed) {
    List<Integer> chosen =
        layers.isEmpty() ? IntStream.range(0, student.layers() - 1).boxed().toList() : layers;
    SequencedMap<String, Tensor> heads = new LinkedHashMap<>();
    try (Scope _ = Scope.open()) {
      Seed.set(seed);
      for (int layer : chosen) {
        heads.put(
            weight(layer),
            trained(Tensors.normal(0, DEVIATION, student.labels(), student.hiddenSize())));
        heads.put(bias(layer), trained(Tensors.zeros(student.labels())));
      }
    }
    return withHeads(chosen, heads);
  }

  /// Bound with these heads, one for each of the chosen layers.
  BoundSelf withHeads(List<Integer> chosen, SequencedMap<String, Tensor> heads) {
    return new Heads(this, chosen, heads);
  }

  private static Tensor trained(Tensor tensor) {
    return tensor.keep().requiresGrad();
  }

  private static String weight(int layer) {
    return "head.%d.weight".formatted(layer);
  }

  private static String bias(int layer) {
    return "head.%d.bias".formatted(layer);
  }

  /// The heads of one student.
  ///
  /// @param settings what they learn
  /// @param layers which layers have one
  /// @param parameters their weights and biases
  private record Heads(
      DeepToShallow settings, List<Integer> layers, SequencedMap<String, Tensor> parameters)
      implements BoundSelf {

    @Override
    public Tensor sum(EncoderOutput student, Rows rows, Tensor maskBT) {
      Rows deep = rows.heardFrom(new Distribution.Dense(rows.logitsNV().detach()));
      Tensor lastND = settings.pooling.apply(student.lastBTD(), maskBT).detach();
      return layers.stream()
          .map(layer -> {
            Tensor pooledND = settings.pooling.apply(student.hiddenBTD().get(layer + 1), maskBT);
            return ofLayer(layer, pooledND, lastND, deep);
          })
          .reduce(Tensor::plus)
          .orElseThrow()
          .times(1.0 / layers.size());
    }

    private Tensor ofLayer(int layer, Tensor pooledND, Tensor lastND, Rows deep) {
      Tensor logitsNV =
          Functions.linear(
              pooledND,
              Objects.requireNonNull(parameters.get(weight(layer))),
              Optional.ofNullable(parameters.get(bias(layer))));
      Tensor decided =
          new Hinton(settings.temperature, settings.alpha).sum(deep.withLogits(logitsNV));
      return settings.hint == 0
          ? decided
          : decided.plus(HiddenMse.perToken(pooledND, lastND).sum().times(settings.hint));
    }

    @Override
    public BoundSelf twin() {
      return new Heads(settings, layers, Tensors.twins(parameters));
    }
  }
}
