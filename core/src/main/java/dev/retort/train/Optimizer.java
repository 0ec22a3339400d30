package dev.retort.train;

import dev.retort.recipe.TrainSettings;
import dev.retort.tensor.AdamW;
import dev.retort.tensor.Gradients;
import dev.retort.tensor.TableAdamW;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Workers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.DoubleConsumer;
import java.util.stream.Stream;

/// AdamW over groups: embedding tables, whose rows decay once the data reach them; other matrices,
/// which decay; biases and norms, which do not; and the head's, which may learn at another rate.
final class Optimizer implements AutoCloseable {

  private static final String HEAD = "head.";

  /// Two workers read and write memory faster than one; more hardly do.
  private static final int PARTS = 2;

  /// Parameters that are treated alike.
  ///
  /// @param rate times the learning rate
  /// @param step moves them at a learning rate
  /// @param state what a checkpoint must hold
  private record Group(double rate, DoubleConsumer step, SequencedMap<String, Tensor> state) {

    static Group of(double rate, AdamW optimizer) {
      return new Group(rate, optimizer::step, optimizer.state());
    }
  }

  /// Parameters that one worker takes care of.
  private record Part(Collection<Tensor> parameters, List<Group> groups) {

    void step(double learningRate, double gradientFactor) {
      if (gradientFactor < 1) {
        Gradients.scale(parameters, gradientFactor);
      }
      groups.forEach(group -> group.step().accept(learningRate * group.rate()));
      Gradients.drop(parameters);
    }
  }

  private final List<Part> parts;
  private final Workers workers;

  /// An optimizer of `parameters`, of which `tables` names those that are looked up by row.
  Optimizer(
      SequencedMap<String, Tensor> parameters,
      Set<String> tables,
      TrainSettings settings,
      Workers workers) {
    this.workers = workers;
    this.parts =
        Shares.of(parameters, tables, PARTS).stream()
            .map(share -> new Part(share.sequencedValues(), groups(share, tables, settings)))
            .toList();
  }

  private static List<Group> groups(
      SequencedMap<String, Tensor> parameters, Set<String> tables, TrainSettings settings) {
    AdamW.Settings decay = AdamW.Settings.withWeightDecay(settings.weightDecay());
    AdamW.Settings plain = AdamW.Settings.withWeightDecay(0);
    List<Group> groups = new ArrayList<>();
    TableAdamW ofTables =
        new TableAdamW(where(parameters, (name, _) -> tables.contains(name)), decay);
    groups.add(new Group(1, ofTables::step, ofTables.state()));
    for (boolean head : List.of(false, true)) {
      double rate = head ? settings.headRate() : 1;
      SequencedMap<String, Tensor> part =
          where(parameters, (name, _) -> name.startsWith(HEAD) == head && !tables.contains(name));
      groups.add(Group.of(rate, new AdamW(where(part, (_, x) -> x.rank() > 1), decay)));
      groups.add(Group.of(rate, new AdamW(where(part, (_, x) -> x.rank() <= 1), plain)));
    }
    return groups;
  }

  private static SequencedMap<String, Tensor> where(
      SequencedMap<String, Tensor> all, BiPredicate<String, Tensor> chosen) {
    SequencedMap<String, Tensor> some = new LinkedHashMap<>();
    all.forEach((name, tensor) -> {
      if (chosen.test(name, tensor)) {
        some.put(name, tensor);
      }
    });
    return some;
  }

  /// Scales the gathered gradients so that their joint norm is at most `maxNorm` (Pascanu et al.
  /// 2013), makes a step and forgets them; returns the norm that they had.
  double step(double learningRate, double maxNorm) {
    double norm =
        Math.sqrt(
            workers.map(parts, part -> Gradients.squaredNorm(part.parameters())).stream()
                .mapToDouble(Double::doubleValue)
                .sum());
    workers.forEach(parts, part -> part.step(learningRate, maxNorm / norm));
    return norm;
  }

  /// Everything but the parameters that the next step depends on.
  SequencedMap<String, Tensor> state() {
    SequencedMap<String, Tensor> all = new LinkedHashMap<>();
    groups().forEach(group -> all.putAll(group.state()));
    return all;
  }

  private Stream<Group> groups() {
    return parts.stream().flatMap(part -> part.groups().stream());
  }

  @Override
  public void close() {
    groups().forEach(group -> group.state().values().forEach(Tensor::close));
  }
}
