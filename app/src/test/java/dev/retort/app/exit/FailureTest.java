package dev.retort.app.exit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.app.terminal.Console;
import dev.retort.app.terminal.Display;
import dev.retort.catalog.YamlReader;
import dev.retort.data.DataSettings;
import dev.retort.data.Leakage;
import dev.retort.data.Splits;
import dev.retort.export.ExportException;
import dev.retort.hub.Address;
import dev.retort.hub.Hub;
import dev.retort.hub.HubSettings;
import dev.retort.hub.Progress;
import dev.retort.model.ModelException;
import dev.retort.model.convert.ModelSource;
import dev.retort.recipe.PlanException;
import dev.retort.run.RunInterruptedException;
import dev.retort.run.RunRecord;
import dev.retort.runtime.StudentException;
import dev.retort.signal.SignalStoreException;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.train.CheckpointException;
import dev.retort.train.TrainingDivergedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTest {

  @TempDir static Path folder;

  record Case(ExitCode code, Throwable thrown, String message) {}

  static Stream<Case> cases() throws IOException {
    Path garbage = Files.writeString(folder.resolve("garbage.safetensors"), "garbage!");
    Address.Maven absent = new Address.Maven("no", "where", "1");
    Hub offline = new Hub(HubSettings.fromEnvironment(Map.of("HF_HUB_OFFLINE", "1"), folder));
    return Stream.of(
        new Case(ExitCode.RECIPE, new UsageException("--x: no"), "--x: no"),
        caught(ExitCode.RECIPE, () -> YamlReader.read(folder.resolve("no.yaml")), "no such file"),
        new Case(ExitCode.RECIPE, new PlanException(List.of("a: b")), "teacher\n  a: b"),
        caught(ExitCode.DATA, () -> Splits.read(noData(), folder, 1), "no.csv does not exist"),
        caught(ExitCode.TEACHER, () -> offline.fetch(absent, Progress.none()), "offline"),
        new Case(ExitCode.TEACHER, new ModelException("config.json: broken"), "broken"),
        caught(
            ExitCode.TEACHER,
            () -> ModelSource.fetch(Address.parse("no-model"), offline, Progress.none()),
            "no-model"),
        new Case(ExitCode.TEACHER, new StudentException("retort.json: old"), "old"),
        new Case(ExitCode.TEACHER, new ExportException("model.onnx: differs"), "differs"),
        caught(ExitCode.DATA, () -> SafetensorsFile.open(garbage).close(), "garbage.safetensors"),
        new Case(
            ExitCode.DATA,
            new SignalStoreException("store is damaged", new IOException()),
            "store"),
        new Case(ExitCode.DATA, new CheckpointException("step-5", new IOException()), "step-5"),
        caught(ExitCode.DATA, () -> RunRecord.read(folder.resolve("run.json")), "run.json"),
        new Case(ExitCode.DIVERGED, new TrainingDivergedException("loss is NaN"), "NaN"),
        new Case(
            ExitCode.INTERRUPTED, new RunInterruptedException("student", folder), "interrupted"),
        new Case(ExitCode.DATA, new NoSuchFileException("a.csv"), "a.csv: there is no such file"),
        new Case(ExitCode.DATA, new AccessDeniedException("a.csv"), "a.csv: access denied"),
        new Case(
            ExitCode.DATA,
            new UncheckedIOException(new FileSystemException("a", null, "Too many open files")),
            "a: Too many open files"),
        new Case(ExitCode.DATA, new OutOfMemoryError("Java heap space"), "RETORT_JAVA_OPTS=-Xmx"),
        new Case(
            ExitCode.DATA,
            new IllegalStateException("alloc_cpu: can't allocate memory: you tried 9 bytes"),
            "batchTokens"),
        new Case(ExitCode.DATA, new UnsatisfiedLinkError("no jnitorch"), "no jnitorch"),
        new Case(ExitCode.BUG, new IOException(), "bug in Retort: java.io.IOException"),
        new Case(
            ExitCode.BUG, new IllegalStateException("x is 3"), "IllegalStateException: x is 3"),
        new Case(ExitCode.BUG, new StackOverflowError(), "bug in Retort"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyExceptionHasACodeAndWords(Case expected) {
    Failure failure = Failure.of(expected.thrown());

    assertThat(failure.code()).isEqualTo(expected.code());
    assertThat(failure.message()).contains(expected.message());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aStackTraceIsShownOnRequestOnly(Case expected) {
    assertThat(reported(expected.thrown(), false)).doesNotContain("\tat ");
    assertThat(reported(expected.thrown(), true)).contains("\tat ");
  }

  @Test
  void aFullDiskIsRecognisedBehindOtherExceptions() {
    Path file = folder.resolve("model.safetensors");
    IOException full = new FileSystemException(file.toString(), null, "No space left on device");

    Failure failure = Failure.of(new SignalStoreException("cannot write the store", full));

    assertThat(failure.code()).isEqualTo(ExitCode.DATA);
    assertThat(failure.resumable()).isTrue();
    assertThat(failure.message())
        .contains("the disk is full while writing " + file)
        .contains("MB are free in " + folder)
        .contains("Nothing that was finished is lost");
  }

  @Test
  void aFullDiskWithoutAFileIsRecognisedToo() {
    Failure failure = Failure.of(new UncheckedIOException(new IOException("Disk quota exceeded")));

    assertThat(failure.message()).startsWith("the disk is full: ");
  }

  @Test
  void howToGoOnIsSaidWhereGoingOnHelps() {
    Throwable interrupted = new RunInterruptedException("student", folder);

    assertThat(reported(interrupted, false)).endsWith("Go on with: retort distill r.yaml\n");
    assertThat(reported(new PlanException(List.of("a: b")), false)).doesNotContain("Go on");
  }

  private static String reported(Throwable thrown, boolean debug) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Console console = new Console(stream, stream, new Display(false, false, () -> 80));
    new ErrorReporter(console, debug).report(thrown, Optional.of("retort distill r.yaml"));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static Case caught(ExitCode code, ThrowingCallable failing, String message) {
    return new Case(code, Assertions.catchThrowable(failing), message);
  }

  private static DataSettings noData() {
    return new DataSettings(
        "no.csv",
        Optional.empty(),
        Optional.empty(),
        "text",
        Optional.empty(),
        Optional.of("label"),
        Optional.empty(),
        Leakage.DROP);
  }
}
