package dev.retort.app.terminal;

/// How a text stands out in a terminal.
public enum Style {
  BOLD(1),
  DIM(2),
  RED(31),
  GREEN(32),
  YELLOW(33);

  private final int code;

  Style(int code) {
    this.code = code;
  }

  /// The text between the escape sequences that switch this style on and off.
  String around(String text) {
    return "\u001B[" + code + "m" + text + "\u001B[0m";
  }
}
