package dev.retort.app.terminal;

import java.io.PrintStream;

/// Where the command line writes: results to `out`, progress and problems to `err`. On a terminal
/// the last line of `err` can be a status that changes in place.
public final class Console {

  private static final String CLEAR_LINE = "\r\u001B[K";

  private final PrintStream out;
  private final PrintStream err;
  private final Display display;
  private boolean statusStands;

  /// A console that writes to these streams as the display can show it.
  public Console(PrintStream out, PrintStream err, Display display) {
    this.out = out;
    this.err = err;
    this.display = display;
  }

  /// The console of this process.
  public static Console system() {
    return new Console(System.out, System.err, Display.detect());
  }

  /// The same console without colours.
  public Console withoutColors() {
    return new Console(out, err, display.withoutColors());
  }

  /// Whether colours are welcome.
  public boolean hasColors() {
    return display.colors();
  }

  /// Whether a person looks at it.
  public boolean isTerminal() {
    return display.terminal();
  }

  /// The width of a line.
  public int columns() {
    return display.columns().getAsInt();
  }

  /// Writes a line of results.
  public synchronized void print(String line) {
    clearStatus();
    out.println(line);
    out.flush();
  }

  /// Writes a line for the person who runs the command: a problem or a note.
  public synchronized void note(String line) {
    clearStatus();
    err.println(line);
    err.flush();
  }

  /// Replaces the status line on a terminal; elsewhere writes a line.
  public synchronized void status(String line) {
    if (display.terminal()) {
      err.print(CLEAR_LINE + line);
      statusStands = true;
    } else {
      err.println(line);
    }
    err.flush();
  }

  /// Turns the status line into an ordinary line, which the next one does not replace.
  public synchronized void keepStatus() {
    if (statusStands) {
      err.println();
      err.flush();
      statusStands = false;
    }
  }

  /// The text in a style, or as it is if the display has no colours.
  public String styled(Style style, String text) {
    return display.colors() ? style.around(text) : text;
  }

  private void clearStatus() {
    if (statusStands) {
      err.print(CLEAR_LINE);
      err.flush();
      statusStands = false;
    }
  }
}
