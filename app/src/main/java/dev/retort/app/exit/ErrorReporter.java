package dev.retort.app.exit;

import dev.retort.app.terminal.Console;
import dev.retort.app.terminal.Style;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;

/// Tells the user why a command failed: a message, how to go on, and a stack trace only on request.
///
/// @param console where it is told
/// @param debug whether a stack trace is wanted
public record ErrorReporter(Console console, boolean debug) {

  /// Reports what a command threw.
  ///
  /// @param resume the command that goes on with interrupted work, if there is any
  public ExitCode report(Throwable thrown, Optional<String> resume) {
    Failure failure = Failure.of(thrown);
    console.note(console.styled(Style.RED, "retort: ") + failure.message());
    if (failure.resumable()) {
      resume.ifPresent(command -> console.note("Go on with: " + command));
    }
    if (debug) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      console.note(trace.toString().stripTrailing());
    }
    return failure.code();
  }
}
