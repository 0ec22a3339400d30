package dev.retort.eval;

import dev.retort.runtime.Classifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Measures an exported student as a service would run it: in a process of its own that holds
/// retort-runtime and the model, and nothing else.
///
/// The parent starts this class's `main` as a [ChildJvm].
public final class ServingProbe {

  /// Requests before the first that counts.
  private static final int WARM_UP = 200;

  /// Single requests that are timed at most.
  private static final int REQUESTS = 1000;

  /// Texts of one batched request.
  private static final int BATCH = 64;

  /// Time after which no further single request is made.
  private static final long ENOUGH_NANOS = 20_000_000_000L;

  private ServingProbe() {}

  /// What is to be measured.
  ///
  /// @param folder an exported ONNX folder
  /// @param modelFile which of its models
  /// @param texts what it is asked, one or two texts each
  public record Order(String folder, String modelFile, List<List<String>> texts) {

    public Order {
      texts = texts.stream().map(List::copyOf).toList();
    }
  }

  /// What was measured.
  ///
  /// @param nanos of every single request
  /// @param batchNanos of every batched request
  /// @param batchTexts texts of a batched request
  /// @param peakKilobytes resident memory at its peak, where the system tells
  public record Result(
      List<Long> nanos, List<Long> batchNanos, int batchTexts, OptionalLong peakKilobytes) {

    public Result {
      nanos = List.copyOf(nanos);
      batchNanos = List.copyOf(batchNanos);
    }
  }

  /// Runs `order` in a JVM of its own.
  ///
  /// @throws IOException if the process fails; the message holds what it said
  public static Result measure(Order order) throws IOException {
    return ChildJvm.measure(ServingProbe.class, order.folder(), order, Result.class);
  }

  /// Entry point of the child process: `ORDER_FILE RESULT_FILE`.
  public static void main(String[] args) throws IOException {
    Order order = ChildJvm.order(args, Order.class);
    Classifier.Options options = Classifier.Options.defaults().withModelFile(order.modelFile());
    try (Served student = Served.open(Path.of(order.folder()), options)) {
      for (int i = 0; i < WARM_UP; i++) {
        student.ask(order.texts().get(i % order.texts().size()));
      }
      List<Long> single = singles(student, order.texts());
      OptionalLong peak = ChildJvm.peakKilobytes();
      Result result = new Result(single, batches(student, order.texts()), BATCH, peak);
      ChildJvm.answer(args, result);
    }
  }

  private static List<Long> singles(Served student, List<List<String>> texts) {
    List<Long> nanos = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < REQUESTS && System.nanoTime() - begin < ENOUGH_NANOS; i++) {
      long start = System.nanoTime();
      student.ask(texts.get(i % texts.size()));
      nanos.add(System.nanoTime() - start);
    }
    return nanos;
  }

  private static List<Long> batches(Served student, List<List<String>> texts) {
    List<Long> nanos = new ArrayList<>();
    int full = Math.max(1, Math.min(texts.size(), REQUESTS) / BATCH);
    for (int i = 0; i < full; i++) {
      List<List<String>> some = new ArrayList<>();
      for (int j = 0; j < BATCH; j++) {
        some.add(texts.get((i * BATCH + j) % texts.size()));
      }
      long start = System.nanoTime();
      student.askAll(some);
      nanos.add(System.nanoTime() - start);
    }
    return nanos;
  }
}
