package dev.retort.app;

import dev.retort.app.exit.ExitCode;
import dev.retort.app.run.Session;

/// Starts Retort.
public final class Main {

  private Main() {}

  /// Runs the command that `args` name and ends the process with its exit code.
  public static void main(String[] args) {
    Session session = Session.ofProcess();
    session.interruption().arm(session.console());
    ExitCode code = new Retort(session).run(args);
    session.interruption().ended();
    System.exit(code.code());
  }
}
