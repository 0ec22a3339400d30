package dev.retort.app;

import dev.retort.app.exit.ExitCode;
import dev.retort.app.run.Interruption;
import dev.retort.app.run.Session;
import dev.retort.app.terminal.Console;
import dev.retort.app.terminal.Display;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// Calls the command line within the test's process and keeps what it writes.
///
/// @param home the user's home folder, which also has Retort's caches; the network is off
record Shell(Path home) {

  /// What a call left behind.
  record Result(ExitCode code, String out, String err) {}

  Result retort(Object... words) {
    return retort(new Interruption(), words);
  }

  Result retort(Interruption interruption, Object... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(stream(out), stream(err), new Display(false, false, () -> 80));
    Map<String, String> environment =
        Map.of("HF_HUB_OFFLINE", "1", "RETORT_HOME", home.resolve("retort").toString());
    Session session = new Session(console, environment, home, "./retort", interruption);
    String[] args = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      args[i] = words[i].toString();
    }
    ExitCode code = new Retort(session).run(args);
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
