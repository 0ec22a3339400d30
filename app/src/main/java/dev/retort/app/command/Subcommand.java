package dev.retort.app.command;

import dev.retort.app.exit.ExitCode;
import dev.retort.app.run.Session;
import java.io.IOException;

/// A command whose arguments have been read.
@FunctionalInterface
public interface Subcommand {

  /// Does what was asked. What it throws is reported to the user.
  ExitCode run(Session session) throws IOException;
}
