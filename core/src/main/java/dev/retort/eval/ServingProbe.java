package dev.retort.eval;

import dev.retort.runtime.Classifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Measures an exported student as a service would run it: in a process of its own that holds
/// retort-runtime and the model, and nothing else.
///
/// The parent starts this class's `main` in a new JVM and reads what it measured from a file.
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
    Path work = Files.createTempDirectory("retort-probe");
    try {
      Path question = work.resolve("order.json");
      Path answer = work.resolve("result.json");
      Path log = work.resolve("log.txt");
      Files.writeString(question, JsonMapper.shared().writeValueAsString(order));
      Process process =
          new ProcessBuilder(command(question, answer))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      int exit = waitFor(process);
      if (exit != 0) {
        throw new IOException(
            "measuring %s failed with exit code %d: %s"
                .formatted(order.folder(), exit, Files.readString(log).strip()));
      }
      return JsonMapper.shared().readValue(Files.readString(answer), Result.class);
    } finally {
      for (String name : List.of("order.json", "result.json", "log.txt")) {
        Files.deleteIfExists(work.resolve(name));
      }
      Files.deleteIfExists(work);
    }
  }

  private static List<String> command(Path question, Path answer) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-XX:+UseSerialGC",
        "-Xmx512m",
        "-cp",
        System.getProperty("java.class.path"),
        ServingProbe.class.getName(),
        question.toString(),
        answer.toString());
  }

  private static int waitFor(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while measuring the student", e);
    }
  }

  /// Entry point of the child process: `ORDER_FILE RESULT_FILE`.
  public static void main(String[] args) throws IOException {
    Order order = JsonMapper.shared().readValue(Files.readString(Path.of(args[0])), Order.class);
    Classifier.Options options = Classifier.Options.defaults().withModelFile(order.modelFile());
    try (Served student = Served.open(Path.of(order.folder()), options)) {
      for (int i = 0; i < WARM_UP; i++) {
        student.ask(order.texts().get(i % order.texts().size()));
      }
      List<Long> single = singles(student, order.texts());
      OptionalLong peak = peakKilobytes();
      Result result = new Result(single, batches(student, order.texts()), BATCH, peak);
      Files.writeString(Path.of(args[1]), JsonMapper.shared().writeValueAsString(result));
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

  private static OptionalLong peakKilobytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return OptionalLong.empty();
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    }
  }
}
