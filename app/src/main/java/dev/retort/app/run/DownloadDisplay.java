package dev.retort.app.run;

import dev.retort.app.terminal.Console;
import dev.retort.hub.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.OptionalLong;

/// Shows downloads: on a terminal how far the current file has come, elsewhere a line for every
/// complete file.
public final class DownloadDisplay implements Progress {

  private static final Duration REDRAW = Duration.ofMillis(100);

  private final Console console;
  private final InstantSource clock;
  private Instant shownAt = Instant.MIN;

  /// A display on `console`.
  public DownloadDisplay(Console console, InstantSource clock) {
    this.console = console;
    this.clock = clock;
  }

  @Override
  public void downloaded(String file, long bytes, OptionalLong total) {
    if (total.isPresent() && bytes >= total.getAsLong()) {
      console.note("downloaded %s (%s)".formatted(file, megabytes(bytes)));
    } else if (console.isTerminal() && !clock.instant().isBefore(shownAt.plus(REDRAW))) {
      shownAt = clock.instant();
      String of = total.isPresent() ? " of " + megabytes(total.getAsLong()) : "";
      String line = "downloading %s  %s%s".formatted(file, megabytes(bytes), of);
      console.status(line.substring(0, Math.min(line.length(), console.columns() - 1)));
    }
  }

  @Override
  public void waiting(String reason, Duration pause) {
    console.note("%s; trying again in %d s".formatted(reason, Math.max(1, pause.toSeconds())));
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
