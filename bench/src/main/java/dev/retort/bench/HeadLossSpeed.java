package dev.retort.bench;

import dev.retort.tensor.Scope;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Head, loss and gradients of 1,024 rows over a large vocabulary: in chunks, as training does, and
/// eagerly. Usage: `org.openjdk.jmh.Main HeadLossSpeed`; memory and errors are [HeadLossMemory]'s.
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH draws the rows before it runs anything
public class HeadLossSpeed {

  /// A [WideHead.Case].
  @Param({"FORWARD_KL", "REVERSE_KL", "JENSEN_SHANNON", "SPARSE_FORWARD_KL"})
  public String loss;

  /// Rows that count.
  @Param("1024")
  public int rows;

  /// Tokens of the vocabulary.
  @Param("49152")
  public int vocabulary;

  private Scope scope;
  private WideHead head;

  /// Draws everything.
  @Setup(Level.Trial)
  public void draw() {
    scope = Scope.open();
    head = new WideHead(WideHead.Case.valueOf(loss), rows, vocabulary);
  }

  /// Gives the memory back.
  @TearDown(Level.Trial)
  public void free() {
    scope.close();
  }

  /// In chunks.
  @Benchmark
  public double chunked() {
    try (Scope _ = Scope.open()) {
      return head.chunked().sum();
    }
  }

  /// All logits, operators, autograd.
  @Benchmark
  public double eager() {
    try (Scope _ = Scope.open()) {
      return head.eager().sum();
    }
  }
}
