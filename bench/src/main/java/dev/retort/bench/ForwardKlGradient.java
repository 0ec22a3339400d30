package dev.retort.bench;

import dev.retort.objective.ForwardKl;
import dev.retort.objective.Rows;
import dev.retort.signal.Distribution;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Forward KL and its gradient over 1,024 rows: the closed form that training uses, and autograd
/// over the definition. Usage: `org.openjdk.jmh.Main ForwardKlGradient`.
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH draws the rows before it runs anything
public class ForwardKlGradient {

  private static final int ROWS = 1024;

  private final ForwardKl objective = new ForwardKl(4);

  /// Classes of a row: Banking77's, and the word pieces of BERT.
  @Param({"77", "30522"})
  public int classes;

  private Rows rows;

  /// Draws the logits of both sides.
  @Setup
  public void draw() {
    Seed.set(1);
    rows =
        new Rows(
            Tensors.normal(0, 3, ROWS, classes),
            Optional.of(new Distribution.Dense(Tensors.normal(0, 3, ROWS, classes))),
            Tensors.of(new long[ROWS], ROWS));
  }

  /// The closed form.
  @Benchmark
  public double closedForm() {
    try (Scope _ = Scope.open()) {
      return objective.lossAndGradient(rows).sum().item();
    }
  }

  /// Autograd over the plain definition.
  @Benchmark
  public double autograd() {
    try (Scope _ = Scope.open()) {
      Tensor leafNV = rows.logitsNV().detach().requiresGrad();
      Tensor sum = objective.sum(new Rows(leafNV, rows.teacher(), rows.labelsN()));
      sum.backward();
      return sum.item();
    }
  }
}
