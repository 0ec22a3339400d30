package dev.retort.model;

import dev.retort.tensor.DType;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/// A model's trained tensors by canonical name, in a fixed order.
public final class Parameters implements AutoCloseable {

  private final SequencedMap<String, Tensor> tensors;

  /// Takes over `tensors`, which must have been kept from their scopes.
  public Parameters(SequencedMap<String, Tensor> tensors) {
    this.tensors = new LinkedHashMap<>(tensors);
  }

  /// The tensor called `name`.
  ///
  /// @throws ModelException if there is none
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new ModelException("the model has no tensor '%s'".formatted(name));
    }
    return tensor;
  }

  /// The tensor called `name`, if there is one.
  public Optional<Tensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /// All tensors by name.
  public SequencedMap<String, Tensor> byName() {
    return new LinkedHashMap<>(tensors);
  }

  /// All tensors.
  public Collection<Tensor> all() {
    return tensors.sequencedValues();
  }

  /// The same tensors over the same memory, which gather gradients of their own.
  public Parameters twin() {
    return new Parameters(Tensors.twins(tensors));
  }

  /// Tensors of their own with the same values, to be trained apart.
  public Parameters copy() {
    SequencedMap<String, Tensor> copies = new LinkedHashMap<>();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      tensors.forEach((name, tensor) -> copies.put(name, copy(tensor)));
    }
    return new Parameters(copies);
  }

  /// The same tensors without gradients, over the same memory but for the matrices of the encoder's
  /// layers and their biases, which are copied in `type`.
  Parameters frozen(DType type) {
    return frozen(
        type, name -> EncoderNames.layerOf(name).isPresent() && !name.contains("LayerNorm"));
  }

  /// The same tensors without gradients, over the same memory but for those that are `multiplied`
  /// with, which are copied in `type`.
  public Parameters frozen(DType type, Predicate<String> multiplied) {
    SequencedMap<String, Tensor> frozen = new LinkedHashMap<>();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      tensors.forEach((name, tensor) -> {
        Tensor detached = tensor.detach();
        frozen.put(name, (multiplied.test(name) ? detached.to(type) : detached).keep());
      });
    }
    return new Parameters(frozen);
  }

  /// The same tensors over the same memory, without gradients.
  public Parameters detached() {
    return frozen(DType.FLOAT32, _ -> false);
  }

  /// Copies of all tensors, except that of the encoder's layers there are only `layers`, numbered
  /// anew in this order.
  Parameters withLayers(List<Integer> layers) {
    return withLayers(layers, EncoderNames::layerPrefix);
  }

  /// The same for a model whose layers have names that begin with `prefix` of their number.
  public Parameters withLayers(List<Integer> layers, IntFunction<String> prefix) {
    Set<String> ofLayers = namesWith(prefix);
    SequencedMap<String, Tensor> copies = new LinkedHashMap<>();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      tensors.forEach((name, tensor) -> {
        if (!ofLayers.contains(name)) {
          copies.put(name, copy(tensor));
        }
      });
      for (int layer = 0; layer < layers.size(); layer++) {
        copyLayer(prefix.apply(layers.get(layer)), prefix.apply(layer), copies);
      }
    }
    return new Parameters(copies);
  }

  /// The names of all layers' tensors; layers are numbered from 0 without gaps.
  private Set<String> namesWith(IntFunction<String> prefix) {
    Set<String> names = new HashSet<>();
    int found = -1;
    for (int layer = 0; found != names.size(); layer++) {
      found = names.size();
      String begin = prefix.apply(layer);
      tensors.keySet().stream().filter(name -> name.startsWith(begin)).forEach(names::add);
    }
    return names;
  }

  private void copyLayer(String from, String to, SequencedMap<String, Tensor> copies) {
    tensors.forEach((name, tensor) -> {
      if (name.startsWith(from)) {
        copies.put(to + name.substring(from.length()), copy(tensor));
      }
    });
  }

  private static Tensor copy(Tensor tensor) {
    return tensor.detach().copy().keep().requiresGrad();
  }

  /// How many numbers there are to train.
  public long count() {
    return tensors.values().stream().mapToLong(Tensor::elements).sum();
  }

  /// Frees the native memory.
  @Override
  public void close() {
    tensors.values().forEach(Tensor::close);
  }
}
