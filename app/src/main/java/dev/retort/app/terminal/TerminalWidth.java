package dev.retort.app.terminal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The columns of the terminal: `COLUMNS` if that is set, else what `stty` says, else 80. Asking
/// `stty` takes a tenth of a second, so it is asked once, when the width is needed first.
final class TerminalWidth implements IntSupplier {

  private static final int LEAST = 20;
  private static final Pattern COLUMNS = Pattern.compile("(\\d{1,4})");
  private static final Pattern SIZE = Pattern.compile("\\d+ (\\d{1,4})\\s*");

  private final Map<String, String> environment;
  private final boolean terminal;
  private OptionalInt known = OptionalInt.empty();

  TerminalWidth(Map<String, String> environment, boolean terminal) {
    this.environment = environment;
    this.terminal = terminal;
  }

  @Override
  public synchronized int getAsInt() {
    if (known.isEmpty()) {
      known = OptionalInt.of(find());
    }
    return known.getAsInt();
  }

  private int find() {
    OptionalInt told = parse(COLUMNS, environment.getOrDefault("COLUMNS", ""));
    OptionalInt found = told.isEmpty() && terminal ? askTerminal() : told;
    return found.orElse(ProgressBar.DEFAULT_COLUMNS);
  }

  /// The columns in an answer of `stty size`, "rows columns"; empty if it is none or too narrow to
  /// be true.
  static OptionalInt parseSize(String answer) {
    return parse(SIZE, answer);
  }

  private static OptionalInt parse(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.matches() && Integer.parseInt(matcher.group(1)) >= LEAST
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  private static OptionalInt askTerminal() {
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
      if (!stty.waitFor(1, TimeUnit.SECONDS)) {
        stty.destroyForcibly();
        return OptionalInt.empty();
      }
      byte[] answer = stty.getInputStream().readAllBytes();
      return parseSize(new String(answer, StandardCharsets.US_ASCII));
    } catch (IOException _) {
      return OptionalInt.empty(); // No stty, as on Windows: the default width has to do.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
  }
}
