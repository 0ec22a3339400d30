package dev.retort.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import dev.retort.api.ScriptedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes that share a ledger, and processes that are killed with one open.
class SharedLedgerTest {

  private static final int QUESTIONS = 300;
  private static final int THREADS = 8;
  private static final int KILLS = 3;

  @TempDir Path folder;

  @Test
  void aKilledProcessLosesAtMostTheRequestsInFlight() throws IOException, InterruptedException {
    for (int kill = 0; kill < KILLS; kill++) {
      int before = lines("answered").size();
      Process process = start(1);
      awaitMore("answered", before + 40, process);
      process.destroyForcibly().waitFor();

      Set<String> answered = new HashSet<>(lines("answered"));
      assertThat(answered).as("the kill came while there was work left").hasSizeLessThan(QUESTIONS);
      assertThat(recorded()).as("what a process saw is kept").containsAll(answered);
      assertThat(new HashSet<>(lines("asked")).size() - recorded().size())
          .as("what was asked is kept, unless it was in flight")
          .isBetween(0, THREADS);
    }
    Process last = start(1);
    assertThat(last.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(last.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();

    assertThat(recorded()).hasSize(QUESTIONS);
    assertThat(lines("asked").size()).isLessThanOrEqualTo(QUESTIONS + KILLS * THREADS);
  }

  @Test
  void twoProcessesAskEachQuestionOnce() throws IOException, InterruptedException {
    Process one = start(60);
    Process other = start(60);

    assertThat(one.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(other.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(List.of(one.exitValue(), other.exitValue()))
        .as(Files.readString(folder.resolve("log")))
        .containsOnly(0);
    assertThat(lines("asked")).hasSize(QUESTIONS).doesNotHaveDuplicates();
    assertThat(lines("answered")).hasSize(2 * QUESTIONS);
  }

  private Process start(int leaseSeconds) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            SharedLedgerTest.class.getName(),
            folder.toString(),
            Integer.toString(leaseSeconds))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  /// The process that is killed, or shares.
  public static void main(String[] args) throws InterruptedException {
    Path folder = Path.of(args[0]);
    Duration lease = Duration.ofSeconds(Integer.parseInt(args[1]));
    ScriptedModel model =
        Questions.model(request -> {
          note(folder.resolve("asked"), Questions.text(request));
          TimeUnit.MILLISECONDS.sleep(10);
          return Questions.answer(Questions.text(request), Usage.NONE);
        });
    try (Ledger ledger = Ledger.open(folder.resolve("ledger.sqlite"), lease);
        LedgeredChatModel ledgered =
            new LedgeredChatModel(model, ledger, Price.FREE, Provenance.of("run", "", ""));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Callable<Boolean>> tasks =
          IntStream.range(0, QUESTIONS)
              .mapToObj(i -> Questions.question("question " + i))
              .<Callable<Boolean>>map(question -> () -> answer(ledgered, question, folder))
              .toList();
      threads.invokeAll(tasks).forEach(Future::resultNow);
    }
  }

  private static boolean answer(LedgeredChatModel model, ChatRequest question, Path folder)
      throws InterruptedException {
    note(folder.resolve("answered"), model.answer(question).text());
    return true;
  }

  private static void note(Path file, String line) {
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitMore(String name, int count, Process process)
      throws IOException, InterruptedException {
    while (lines(name).size() < count) {
      assertThat(process.isAlive()).as(Files.readString(folder.resolve("log"))).isTrue();
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
  }

  private List<String> lines(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private Set<String> recorded() {
    Set<String> texts = new HashSet<>();
    try (Ledger ledger = Ledger.open(folder.resolve("ledger.sqlite"))) {
      ledger.forEach(entry -> texts.add(entry.answer().text()));
    }
    return texts;
  }
}
