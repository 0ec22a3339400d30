package dev.retort.app.exit;

/// How a command ended, for scripts.
public enum ExitCode {
  /// It did what was asked, and all requirements are met.
  OK(0, "requirements met"),
  /// It ran, but a requirement is missed or unproven.
  NOT_MET(1, "ran, but a requirement is missed or unproven"),
  /// The recipe or the command line is wrong.
  RECIPE(2, "the recipe or the command line is wrong"),
  /// The data, another file, or the memory or disk of the machine is in the way.
  DATA(3, "data, a file or the machine is in the way"),
  /// The teacher or another model cannot be had or used.
  TEACHER(4, "a model cannot be had or used"),
  /// Training diverged.
  DIVERGED(5, "training diverged"),
  /// Retort itself is wrong.
  BUG(70, "a bug in Retort"),
  /// The user asked for the end.
  INTERRUPTED(130, "interrupted");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /// The number that the process ends with.
  public int code() {
    return code;
  }

  /// The meaning in a few words.
  public String meaning() {
    return meaning;
  }
}
