package dev.retort.bench;

import dev.retort.tensor.Scope;
import java.io.IOException;
import java.util.Locale;
import java.util.function.Consumer;

/// What the two ways of [WideHead] take in turns in one process: time, memory beyond what was there
/// before, and the error of the gradients. Usage: `HeadLossMemory [ROWS [VOCABULARY [ROUNDS]]]`.
public final class HeadLossMemory {

  private static final double MIB = 1 << 20;

  private HeadLossMemory() {}

  /// Prints a line for each loss.
  public static void main(String[] arguments) throws IOException {
    int rows = argument(arguments, 0, 1024);
    int vocabulary = argument(arguments, 1, 49_152);
    int rounds = argument(arguments, 2, 3);
    System.out.printf("load %.1f%n", Machine.loadAverage());
    System.out.println("| loss | eager | chunked | ratio | memory | ratio | error |");
    for (WideHead.Case which : WideHead.Case.values()) {
      try (Scope _ = Scope.open()) {
        measure(which, new WideHead(which, rows, vocabulary), rounds);
      }
    }
  }

  private static void measure(WideHead.Case which, WideHead head, int rounds) throws IOException {
    cost(head, WideHead::chunked); // compiles the loops
    Cost eager = new Cost(Double.MAX_VALUE, 0);
    Cost chunked = new Cost(Double.MAX_VALUE, 0);
    for (int round = 0; round < rounds; round++) {
      chunked = chunked.with(cost(head, WideHead::chunked));
      eager = eager.with(cost(head, WideHead::eager));
    }
    try (Scope _ = Scope.open()) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %.0f ms | %.0f ms | %.2f × | %.0f and %.0f MiB | %.3f | %.1e |%n",
          which,
          eager.milliseconds(),
          chunked.milliseconds(),
          eager.milliseconds() / chunked.milliseconds(),
          eager.bytes() / MIB,
          chunked.bytes() / MIB,
          chunked.bytes() / eager.bytes(),
          head.relativeError(head.chunked()));
    }
  }

  private record Cost(double milliseconds, double bytes) {

    /// The lesser time, the greater memory.
    Cost with(Cost other) {
      return new Cost(Math.min(milliseconds, other.milliseconds), Math.max(bytes, other.bytes));
    }
  }

  private static Cost cost(WideHead head, Consumer<WideHead> way) throws IOException {
    Machine.forgetPeak();
    long before = Machine.peakResidentBytes();
    long start = System.nanoTime();
    try (Scope _ = Scope.open()) {
      way.accept(head);
    }
    double milliseconds = (System.nanoTime() - start) / 1e6;
    return new Cost(milliseconds, Machine.peakResidentBytes() - before);
  }

  private static int argument(String[] arguments, int index, int otherwise) {
    return index < arguments.length ? Integer.parseInt(arguments[index]) : otherwise;
  }
}
