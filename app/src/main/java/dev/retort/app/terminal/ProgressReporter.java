package dev.retort.app.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// Shows the progress of one phase on a console. A terminal gets a line that changes in place, at
/// most ten times a second. Anything else, such as a log file, gets plain lines: one for every
/// tenth of the work and one a minute in between, but never two within a second except for the
/// last.
///
/// Not safe for use by several threads at once.
public final class ProgressReporter {

  private static final Duration REDRAW = Duration.ofMillis(100);
  private static final Duration LEAST_GAP = Duration.ofSeconds(1);
  private static final Duration MOST_GAP = Duration.ofMinutes(1);

  private final Console console;
  private final InstantSource clock;
  private final String phase;
  private final long first;
  private final long total;
  private final Instant begin;
  private Instant shownAt;
  private int shownTenth;
  private boolean shown;

  /// Begins a phase.
  ///
  /// @param first the step at which it begins; above 0 after a resume
  /// @param total steps in all, or 0 if nobody knows
  public ProgressReporter(
      Console console, InstantSource clock, String phase, long first, long total) {
    this.console = console;
    this.clock = clock;
    this.phase = phase;
    this.first = first;
    this.total = total;
    this.begin = clock.instant();
    this.shownAt = begin;
    this.shownTenth = progress(first, List.of()).percent() / 10;
  }

  /// Takes note that `step` steps are done, and shows it if it is time to.
  public void update(long step, List<Metric> metrics) {
    Progress progress = progress(step, metrics);
    if (isDue(progress)) {
      show(progress);
    }
  }

  /// Ends the phase: shows how far it came, and leaves that line standing.
  public void finish(long step, List<Metric> metrics) {
    show(progress(step, metrics));
    console.keepStatus();
  }

  private Progress progress(long step, List<Metric> metrics) {
    Duration elapsed = Duration.between(begin, clock.instant());
    return new Progress(
        phase, first, step, total, elapsed.isNegative() ? Duration.ZERO : elapsed, metrics);
  }

  private boolean isDue(Progress progress) {
    Duration since = Duration.between(shownAt, clock.instant());
    if (console.isTerminal()) {
      return !shown || since.compareTo(REDRAW) >= 0;
    }
    return since.compareTo(MOST_GAP) >= 0
        || (progress.percent() / 10 > shownTenth && since.compareTo(LEAST_GAP) >= 0);
  }

  private void show(Progress progress) {
    shown = true;
    shownAt = clock.instant();
    shownTenth = progress.percent() / 10;
    // The last column stays free: many terminals wrap once it is written.
    console.status(
        console.isTerminal()
            ? ProgressBar.render(progress, console.columns() - 1)
            : ProgressBar.renderPlain(progress));
  }
}
