package dev.retort.model.decoder;

import dev.retort.model.Checkpoint;
import dev.retort.model.ModelException;
import dev.retort.model.Parameters;
import dev.retort.tensor.DType;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// A decoder's parameters between the names of Retort and those of its family's checkpoints.
public final class DecoderWeights {

  private DecoderWeights() {}

  /// Reads the decoder of this shape from `folder`, with all weights in 32 bits.
  ///
  /// @throws ModelException if a tensor is missing or misshapen
  public static Parameters read(Path folder, DecoderConfig config) throws IOException {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      for (String name : DecoderNames.all(config)) {
        CheckpointPart part = config.family().part(name);
        find(checkpoint, part, missing)
            .ifPresent(tensor -> {
              requireShape(folder, part.name(), tensor, DecoderAxis.shape(name, config));
              tensors.put(name, tensor);
            });
      }
      checkpoint.requireNone(missing);
      return new Parameters(tensors);
    } catch (IOException | RuntimeException e) {
      tensors.values().forEach(Tensor::close);
      throw e;
    }
  }

  /// New parameters: matrices are drawn around 0, biases are 0, and norms change nothing.
  ///
  /// @param deviation of the matrices' numbers; 0.02 is usual
  public static Parameters random(DecoderConfig config, double deviation, long seed) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    boolean zero = config.family().traits().norm() == Norm.RMS_PLUS_ONE;
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Seed.set(seed);
      for (String name : DecoderNames.all(config)) {
        long[] shape = DecoderAxis.shape(name, config);
        boolean matrix = shape.length == 2;
        Tensor value =
            matrix
                ? Tensors.normal(0, deviation, shape)
                : name.endsWith(".bias") || zero ? Tensors.zeros(shape) : Tensors.ones(shape);
        tensors.put(name, value.keep().requiresGrad());
      }
    }
    return new Parameters(tensors);
  }

  private static Optional<Tensor> find(
      Checkpoint checkpoint, CheckpointPart part, List<String> missing) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      // Checkpoints of a decoder without its head have no prefix.
      String bare = part.name().substring(part.name().indexOf('.') + 1);
      Optional<Tensor> whole =
          checkpoint.find(part.name()).or(() -> checkpoint.find(bare)).map(Tensors::of);
      if (whole.isEmpty()) {
        missing.add(part.name());
      }
      return whole.map(tensor -> cut(tensor, part).to(DType.FLOAT32).copy().keep().requiresGrad());
    }
  }

  private static Tensor cut(Tensor tensor, CheckpointPart part) {
    Tensor upright = part.transposed() ? tensor.transpose(0, 1) : tensor;
    long size = upright.size(0) / part.parts();
    return upright.narrow(0, part.index() * size, size);
  }

  /// The tensors of a checkpoint of the decoder of this shape, by the names of its family, in the
  /// scope that is open.
  public static SequencedMap<String, Tensor> toCheckpoint(
      Parameters parameters, DecoderConfig config) {
    SequencedMap<String, List<String>> sources = new LinkedHashMap<>();
    DecoderNames.all(config)
        .forEach(name ->
            sources
                .computeIfAbsent(config.family().part(name).name(), _ -> new ArrayList<>())
                .add(name));
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    sources.forEach((name, parts) -> {
      List<Tensor> values = parts.stream().map(part -> parameters.get(part).detach()).toList();
      Tensor whole = values.size() == 1 ? values.getFirst() : Tensors.concatenate(values, 0);
      boolean transposed = config.family().part(parts.getFirst()).transposed();
      tensors.put(name, transposed ? whole.transpose(0, 1).copy() : whole);
    });
    return tensors;
  }

  private static void requireShape(Path folder, String name, Tensor tensor, long[] expected) {
    if (!Arrays.equals(tensor.shape(), expected)) {
      String found = Arrays.toString(tensor.shape());
      tensor.close();
      throw new ModelException(
          "%s: tensor %s is %s but config.json says %s"
              .formatted(folder, name, found, Arrays.toString(expected)));
    }
  }
}
