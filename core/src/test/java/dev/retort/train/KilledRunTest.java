package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.data.TextBatch;
import dev.retort.model.Precision;
import dev.retort.model.TextClassifier;
import dev.retort.objective.CrossEntropy;
import dev.retort.recipe.Keep;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.TrainSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed has no chance to tidy up; the next one goes on all the same.
class KilledRunTest {

  private static final int KILLS = 4;

  @TempDir Path folder;

  @Test
  void aKilledRunGivesTheBitIdenticalStudent() throws IOException, InterruptedException {
    Set<String> seen = Set.of();
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = start();
      seen = awaitNewCheckpoint(process, seen);
      process.destroyForcibly().waitFor();
    }
    Process last = start();
    assertThat(last.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(last.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();

    String resumed = Files.readString(folder.resolve("weights"));
    assertThat(Files.readString(folder.resolve("log"))).containsPattern("from step [1-9]");
    try (TextClassifier student = TinyTask.model(2, 1)) {
      train(student, folder.resolve("straight"), new TrainListener() {});
      assertThat(resumed).isEqualTo(text(student));
    }
  }

  /// The checkpoints there are once there is one that was not `seen` before.
  private Set<String> awaitNewCheckpoint(Process process, Set<String> seen)
      throws IOException, InterruptedException {
    while (process.isAlive()) {
      Set<String> now = checkpoints();
      if (!seen.containsAll(now)) {
        return now;
      }
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
    throw new AssertionError(
        "the run ended before it could be killed: " + Files.readString(folder.resolve("log")));
  }

  private Set<String> checkpoints() throws IOException {
    Path run = folder.resolve("run");
    if (!Files.exists(run)) {
      return Set.of();
    }
    try (Stream<Path> children = Files.list(run)) {
      return Set.copyOf(
          children
              .map(child -> child.getFileName().toString())
              .filter(name -> name.startsWith("step-"))
              .toList());
    }
  }

  private Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.bytedeco.javacpp.nopointergc=true",
            "-cp",
            System.getProperty("java.class.path"),
            KilledRunTest.class.getName(),
            folder.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  /// The process that is killed.
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    try (TextClassifier student = TinyTask.model(2, 1)) {
      train(
          student,
          folder.resolve("run"),
          new TrainListener() {
            @Override
            public void started(TrainProgress progress) {
              System.out.println("from step " + progress.step());
            }

            @Override
            public void stepEnded(StepReport report) {
              pause();
            }
          });
      Files.writeString(folder.resolve("weights"), text(student));
    }
  }

  /// Time for the killer to come between two steps.
  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void train(TextClassifier student, Path folder, TrainListener listener)
      throws IOException {
    TrainSettings settings =
        new TrainSettings(
            4,
            200,
            1,
            5e-3,
            1,
            new Schedule.Linear(0.1),
            0.01,
            1,
            Precision.BF16,
            7,
            Optional.empty(),
            Keep.BEST,
            2);
    TrainJob<TextBatch> job =
        new TrainJob<>(
            "student",
            student,
            Optional.empty(),
            Set.of(),
            List.of(new BoundTerm("cross-entropy", new CrossEntropy(0), 1)),
            TinyTask.data(100, 1),
            settings,
            _ -> 0.5);
    try (Trainer<TextBatch> trainer =
        new Trainer<>(job, new Checkpoints(folder), List.of(listener), new StopSwitch())) {
      trainer.run();
    }
  }

  private static String text(TextClassifier student) {
    StringBuilder text = new StringBuilder();
    for (float[] weights : TinyTask.weights(student)) {
      for (float weight : weights) {
        text.append(Integer.toHexString(Float.floatToRawIntBits(weight))).append('\n');
      }
    }
    return text.toString();
  }
}
