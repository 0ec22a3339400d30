package dev.retort.app;

/// Starts Retort.
public final class Main {

  private Main() {}

  /// Runs the command that `args` name and ends the process.
  public static void main(String[] args) {
    System.out.println("hello");
  }
}
