package dev.retort.app.terminal;

import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/// What can be shown where the output goes.
///
/// @param terminal whether it is a terminal, and not a file or a pipe
/// @param colors whether escape sequences for colours are welcome
/// @param columns characters in a line; asked for only when a line is to be filled
public record Display(boolean terminal, boolean colors, IntSupplier columns) {

  /// The display of this process.
  static Display detect() {
    boolean terminal =
        Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal).isPresent();
    return detect(System.getenv(), terminal);
  }

  /// The display for these environment variables. Any `NO_COLOR` (<https://no-color.org>) switches
  /// colours off; a terminal that is `dumb` counts as none, for it cannot change a line in place.
  static Display detect(Map<String, String> environment, boolean terminal) {
    boolean capable = terminal && !environment.getOrDefault("TERM", "").equals("dumb");
    boolean noColor = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Display(capable, capable && !noColor, new TerminalWidth(environment, capable));
  }

  /// The same display without colours.
  Display withoutColors() {
    return new Display(terminal, false, columns);
  }
}
