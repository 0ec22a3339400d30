package dev.retort.app.terminal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Renders [Progress] as one line of ASCII text, such as `train [=====> ] 45% 450/1000 12.3/s ETA
/// 0:45 loss 0.1234`.
public final class ProgressBar {

  /// The width of a terminal that does not tell.
  public static final int DEFAULT_COLUMNS = 80;

  private static final int LEAST_BAR = 5;
  private static final int MOST_BAR = 40;
  private static final int BRACKETS_AND_GAPS = 4;
  private static final String GAP = "  ";

  private ProgressBar() {}

  /// The progress with a bar in the columns that the rest leaves free. In a narrow terminal the bar
  /// goes first, then the metrics, the time and the rate; the line never exceeds `columns`.
  public static String render(Progress progress, int columns) {
    List<String> facts = facts(progress);
    String name = progress.phase();
    int free = columns - name.length() - String.join(GAP, facts).length() - BRACKETS_AND_GAPS;
    if (progress.total() > 0 && free >= LEAST_BAR) {
      String bar = bar(progress, Math.min(free, MOST_BAR));
      return name + " [" + bar + "] " + String.join(GAP, facts);
    }
    while (facts.size() > 1 && plain(name, facts).length() > columns) {
      facts.removeLast();
    }
    String line = plain(name, facts);
    return line.length() <= columns ? line : line.substring(0, Math.max(0, columns));
  }

  /// The progress without a bar, for logs.
  public static String renderPlain(Progress progress) {
    return plain(progress.phase(), facts(progress)).replaceAll(" {2,}", GAP);
  }

  private static String plain(String name, List<String> facts) {
    return name + GAP + String.join(GAP, facts);
  }

  private static List<String> facts(Progress progress) {
    List<String> facts = new ArrayList<>();
    if (progress.total() > 0) {
      facts.add("%3d%%".formatted(progress.percent()));
      facts.add(progress.step() + "/" + progress.total());
    } else {
      facts.add(progress.step() + (progress.step() == 1 ? " step" : " steps"));
    }
    progress.rate().ifPresent(rate -> facts.add(rate(rate)));
    facts.add(time(progress));
    progress.metrics().forEach(metric -> facts.add(metric.text()));
    return facts;
  }

  private static String bar(Progress progress, int width) {
    int done = (int) (Math.min(progress.step(), progress.total()) * width / progress.total());
    String head = done == 0 || done == width ? "" : ">";
    return "=".repeat(done - head.length()) + head + " ".repeat(width - done);
  }

  private static String time(Progress progress) {
    if (progress.total() == 0 || progress.isDone()) {
      return "took " + duration(progress.elapsed());
    }
    return progress.remaining().map(left -> "ETA " + duration(left)).orElse("ETA -:--");
  }

  /// A rate, as in `123/s`, `12.3/s`, `1.23/s`; below one a second as `2.5 s each`.
  private static String rate(double perSecond) {
    if (perSecond < 1) {
      return String.format(Locale.ROOT, "%.1f s each", 1 / perSecond);
    }
    int digits = perSecond >= 100 ? 0 : perSecond >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + digits + "f/s", perSecond);
  }

  /// A duration, as in `0:05`, `59:59`, `1:00:00`, `2d 3h`.
  public static String duration(Duration duration) {
    if (duration.toDays() > 0) {
      return "%dd %dh".formatted(duration.toDays(), duration.toHoursPart());
    }
    int minutes = duration.toMinutesPart();
    int seconds = duration.toSecondsPart();
    return duration.toHours() > 0
        ? "%d:%02d:%02d".formatted(duration.toHours(), minutes, seconds)
        : "%d:%02d".formatted(minutes, seconds);
  }
}
