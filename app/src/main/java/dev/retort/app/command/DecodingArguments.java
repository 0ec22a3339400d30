package dev.retort.app.command;

import dev.retort.run.WritingSettings;
import java.util.List;
import picocli.CommandLine.Option;

/// How a language model chooses the tokens of its answers.
final class DecodingArguments {

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Tokens of a completion at most (default: ${DEFAULT-VALUE}).")
  private int maxTokens = WritingSettings.DEFAULT.maxTokens();

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "0 takes the likeliest token each time (default: ${DEFAULT-VALUE}).")
  private double temperature = WritingSettings.DEFAULT.temperature();

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Share of the probability to draw from (default: ${DEFAULT-VALUE}).")
  private double topP = WritingSettings.DEFAULT.topP();

  /// Tokens of an answer at most.
  int maxTokens() {
    return maxTokens;
  }

  /// How much is left to chance; 0 is nothing.
  double temperature() {
    return temperature;
  }

  /// The share of the probability that is drawn from.
  double topP() {
    return topP;
  }

  /// These arguments as they could be written again.
  List<String> words() {
    return List.of(
        "--max-tokens", String.valueOf(maxTokens),
        "--temperature", String.valueOf(temperature),
        "--top-p", String.valueOf(topP));
  }
}
