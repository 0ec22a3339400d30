package dev.retort.app.exit;

import dev.retort.api.ApiException;
import dev.retort.catalog.RecipeException;
import dev.retort.data.DataException;
import dev.retort.export.ExportException;
import dev.retort.hub.HubException;
import dev.retort.ledger.BudgetSpentException;
import dev.retort.ledger.LedgerException;
import dev.retort.model.ModelException;
import dev.retort.model.convert.ConversionException;
import dev.retort.recipe.PlanException;
import dev.retort.run.RunInterruptedException;
import dev.retort.runtime.StudentException;
import dev.retort.train.TrainingDivergedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Objects;

/// What a failed command tells its user.
///
/// @param code how the process ends
/// @param message what went wrong and what to do, on one or more lines
/// @param resumable whether the work goes on from where it was once the cause is gone
public record Failure(ExitCode code, String message, boolean resumable) {

  /// The failure behind an exception or error that a command threw.
  public static Failure of(Throwable thrown) {
    return DiskFull.in(thrown).or(() -> OutOfMemory.in(thrown)).orElseGet(() -> ofKnown(thrown));
  }

  private static Failure ofKnown(Throwable thrown) {
    return switch (thrown) {
      case UsageException e -> of(ExitCode.RECIPE, e);
      case RecipeException e -> of(ExitCode.RECIPE, e);
      case PlanException e -> listed(ExitCode.RECIPE, "the recipe does not fit its teacher", e);
      case ApiException e -> of(ExitCode.TEACHER, e);
      case BudgetSpentException e -> of(ExitCode.TEACHER, e);
      case LedgerException e -> of(ExitCode.DATA, e);
      case DataException e -> listed(ExitCode.DATA, "the data cannot be used", e);
      case HubException e -> of(ExitCode.TEACHER, e);
      case ModelException e -> of(ExitCode.TEACHER, e);
      case ConversionException e -> of(ExitCode.TEACHER, e);
      case StudentException e -> of(ExitCode.TEACHER, e);
      case ExportException e -> of(ExitCode.TEACHER, e);
      case TrainingDivergedException e -> of(ExitCode.DIVERGED, e);
      case RunInterruptedException e ->
          new Failure(ExitCode.INTERRUPTED, Objects.requireNonNull(e.getMessage()), true);
      case UncheckedIOException e -> of(Objects.requireNonNull(e.getCause()));
      case FileSystemException e -> new Failure(ExitCode.DATA, FileProblem.of(e), false);
      case IOException e when e.getMessage() != null -> of(ExitCode.DATA, e);
      case UnsatisfiedLinkError e -> new Failure(ExitCode.DATA, libraries(e), false);
      default -> new Failure(ExitCode.BUG, bug(thrown), true);
    };
  }

  private static Failure of(ExitCode code, Exception e) {
    return new Failure(code, Objects.requireNonNull(e.getMessage()), false);
  }

  /// A failure whose message is a list of problems, one a line.
  private static Failure listed(ExitCode code, String what, Exception e) {
    String problems = Objects.requireNonNull(e.getMessage()).indent(2).stripTrailing();
    return new Failure(code, what + "\n" + problems, false);
  }

  private static String libraries(UnsatisfiedLinkError e) {
    return "a native library does not load on %s %s: %s\n"
            .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), e.getMessage())
        + "Retort runs on Linux x86-64 with glibc 2.28 or newer, macOS arm64 and Windows x86-64.";
  }

  private static String bug(Throwable thrown) {
    return "This is a bug in Retort: %s\nPlease report it with what `--debug` adds to this message."
        .formatted(thrown);
  }
}
