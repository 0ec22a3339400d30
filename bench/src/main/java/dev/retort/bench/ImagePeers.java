package dev.retort.bench;

import dev.retort.io.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A distillation step on images side by side with PyTorch, in turns: the same weights to begin
/// with, the same batches, 32 bits on both sides, and losses that agree.
///
/// Usage: `ImagePeers --data FOLDER --python PYTHON [--rounds 3] [--steps 400] [--batch 128]`, in
/// the root of the repository; `FOLDER` has the files of Fashion-MNIST.
public final class ImagePeers {

  private static final String SCRIPT = "bench/peers/image_peers.py";
  private static final List<String> MODES = List.of("loader", "tuned");

  /// Steps after which rounding may have led the sides apart.
  private static final int COMPARED_STEPS = 50;

  private static final double TOLERANCE = 0.01;

  /// What one side has measured.
  private record Leg(double imagesPerSecond, List<Double> losses) {}

  private final Arguments arguments;
  private final Path work;

  private ImagePeers(Arguments arguments, Path work) {
    this.arguments = arguments;
    this.work = work;
  }

  /// Measures and prints a line for each round, and the medians.
  public static void main(String[] args) throws IOException, InterruptedException {
    Arguments arguments =
        Arguments.parse(
            args, List.of("data", "python"), Map.of("rounds", "3", "steps", "400", "batch", "128"));
    System.out.printf(Locale.ROOT, "load average before: %.2f%n", Machine.loadAverage());
    Path work = Files.createTempDirectory("retort-images");
    try {
      new ImagePeers(arguments, work).run();
    } finally {
      Folders.delete(work);
    }
  }

  private void run() throws IOException, InterruptedException {
    ImageThroughput own =
        new ImageThroughput(
            FashionMnist.read(arguments.path("data"), 0).train(),
            arguments.count("steps", 1),
            arguments.count("batch", 2),
            work);
    own.prepare();
    List<Leg> retort = new ArrayList<>();
    List<List<Leg>> peers = List.of(new ArrayList<>(), new ArrayList<>());
    for (int round = 0; round < arguments.count("rounds", 1); round++) {
      ResultFile.write(own.measure(), work.resolve("result.json"));
      retort.add(leg());
      for (int mode = 0; mode < MODES.size(); mode++) {
        peers.get(mode).add(peer(MODES.get(mode)));
        requireEqual(retort.getLast(), peers.get(mode).getLast(), MODES.get(mode));
      }
      System.out.printf(
          Locale.ROOT,
          "round %d: retort %.0f, loader %.0f, tuned %.0f images/s%n",
          round + 1,
          retort.getLast().imagesPerSecond(),
          peers.get(0).getLast().imagesPerSecond(),
          peers.get(1).getLast().imagesPerSecond());
    }
    print(retort, peers);
  }

  private Leg peer(String mode) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            arguments.text("python"),
            SCRIPT,
            "--data",
            arguments.text("data"),
            "--plan",
            work.toString(),
            "--mode",
            mode,
            "--out",
            work.resolve("result.json").toString());
    // What Retort is started with is not how PyTorch's users start theirs.
    builder
        .environment()
        .keySet()
        .removeAll(
            List.of(
                "OMP_WAIT_POLICY",
                "GLIBC_TUNABLES",
                "ONEDNN_PRIMITIVE_CACHE_CAPACITY",
                "LRU_CACHE_CAPACITY"));
    int exit = builder.inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IllegalStateException("%s --mode %s ended with %d".formatted(SCRIPT, mode, exit));
    }
    return leg();
  }

  private Leg leg() throws IOException {
    JsonNode result = JsonMapper.shared().readTree(Files.readString(work.resolve("result.json")));
    return new Leg(
        result.path("examples_per_second").asDouble(),
        StreamSupport.stream(result.path("losses").spliterator(), false)
            .map(JsonNode::asDouble)
            .toList());
  }

  /// Two sides that compute different things cannot be compared.
  private static void requireEqual(Leg own, Leg peer, String mode) {
    for (int step = 0; step < COMPARED_STEPS; step++) {
      double ours = own.losses().get(step);
      double theirs = peer.losses().get(step);
      if (Math.abs(ours - theirs) > TOLERANCE * theirs) {
        throw new IllegalStateException(
            "step %d: the loss is %s, but %s in mode %s; the sides do not compute the same"
                .formatted(step + 1, ours, theirs, mode));
      }
    }
  }

  private static void print(List<Leg> retort, List<List<Leg>> peers) {
    System.out.printf(Locale.ROOT, "| side | images/s | Retort against it |%n|---|--:|--:|%n");
    System.out.printf(Locale.ROOT, "| Retort | %.0f | |%n", speed(retort));
    for (int mode = 0; mode < MODES.size(); mode++) {
      List<Leg> peer = peers.get(mode);
      double[] ratios = new double[peer.size()];
      for (int round = 0; round < ratios.length; round++) {
        ratios[round] = retort.get(round).imagesPerSecond() / peer.get(round).imagesPerSecond();
      }
      System.out.printf(
          Locale.ROOT,
          "| PyTorch, %s | %.0f | %.2f × |%n",
          MODES.get(mode),
          speed(peer),
          new Quantiles(ratios).median());
    }
  }

  private static double speed(List<Leg> legs) {
    return new Quantiles(legs.stream().mapToDouble(Leg::imagesPerSecond).toArray()).median();
  }
}
