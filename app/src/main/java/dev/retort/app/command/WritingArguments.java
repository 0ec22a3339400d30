package dev.retort.app.command;

import dev.retort.app.exit.UsageException;
import dev.retort.run.WritingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How a teacher writes completions for a student to learn.
final class WritingArguments {

  @Option(
      names = "--completions",
      paramLabel = "FILE",
      description =
          "For language models: let the teacher answer every prompt, into this JSONL file, or go on"
              + " with it.")
  private Optional<Path> completions = Optional.empty();

  @Mixin private DecodingArguments decoding = new DecodingArguments();

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description = "Decides what is drawn (default: ${DEFAULT-VALUE}).")
  private long seed = WritingSettings.DEFAULT.seed();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Prompts that a local teacher answers together (default: ${DEFAULT-VALUE}).")
  private int batch = WritingSettings.DEFAULT.batch();

  @Option(
      names = "--keep-truncated",
      description = "Keep completions that --max-tokens cut off among the others.")
  private boolean keepTruncated;

  /// Where the completions go, if any are written.
  Optional<Path> file() {
    return completions;
  }

  /// How they are written.
  ///
  /// @throws UsageException if that cannot be
  WritingSettings settings() {
    try {
      return new WritingSettings(
          decoding.maxTokens(),
          decoding.temperature(),
          decoding.topP(),
          seed,
          batch,
          keepTruncated);
    } catch (IllegalArgumentException e) {
      throw new UsageException("label --completions: " + e.getMessage(), e);
    }
  }

  /// These arguments as they could be written again.
  List<String> words() {
    List<String> words = new ArrayList<>();
    if (completions.isEmpty()) {
      return words;
    }
    words.addAll(List.of("--completions", completions.get().toString()));
    words.addAll(decoding.words());
    words.addAll(List.of("--seed", String.valueOf(seed)));
    words.addAll(List.of("--batch", String.valueOf(batch)));
    if (keepTruncated) {
      words.add("--keep-truncated");
    }
    return words;
  }
}
