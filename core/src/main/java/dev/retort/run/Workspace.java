package dev.retort.run;

import dev.retort.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where Retort keeps what later runs can use again: fine-tuned teachers, their answers, and
/// augmented texts.
///
/// @param root the folder, `RETORT_HOME` or `.cache/retort` in the user's home
public record Workspace(Path root) {

  /// The workspace that the environment names.
  public static Workspace fromEnvironment(Map<String, String> environment, Path home) {
    return new Workspace(
        Optional.ofNullable(environment.get("RETORT_HOME"))
            .map(Path::of)
            .orElseGet(() -> home.resolve(".cache/retort")));
  }

  /// The folder of the fine-tuned teacher with this key.
  Path teacher(String key) {
    return root.resolve("teachers").resolve(key.substring(0, 32));
  }

  /// The folder of stored teacher answers.
  Path signals() {
    return root.resolve("signals");
  }

  /// The folder of what a language model's teacher said about tokens, under this fingerprint of the
  /// teacher and of how it is kept.
  Path tokenSignals(String fingerprint) {
    return signals().resolve("tokens").resolve(fingerprint.substring(0, 32));
  }

  /// The file with every answer of models behind APIs.
  Path ledger() {
    return root.resolve("ledger.sqlite");
  }

  /// Opens that file, or begins it. The caller closes it.
  ///
  /// @throws dev.retort.ledger.LedgerException if it is something else, damaged, or of a newer
  ///   format
  Ledger openLedger() throws IOException {
    Files.createDirectories(root);
    return Ledger.open(ledger());
  }

  /// The folder of what is sent to and comes from APIs in batches.
  Path batches() {
    return root.resolve("batches");
  }

  /// The folder of the augmented texts with this key.
  Path augmented(String key) {
    return root.resolve("augmented").resolve(key.substring(0, 32));
  }
}
