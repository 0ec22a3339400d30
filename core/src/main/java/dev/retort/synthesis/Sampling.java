package dev.retort.synthesis;

import dev.retort.api.ChatRequest.Decoding;
import dev.retort.catalog.Check;
import dev.retort.catalog.Doc;
import java.util.List;
import java.util.Optional;

/// How a step's answers are drawn.
///
/// @param temperature 0 takes the likeliest tokens
/// @param maxTokens tokens of an answer at most; one that is cut there is not used
public record Sampling(
    @Doc(
            "Temperature of the answers. If left out, 0 where one answer is wanted, and 1 where they"
                + " are to differ.")
        Optional<Double> temperature,
    @Doc(
            "Tokens of an answer at most, 1024 if left out. One that is cut there is not used, but"
                + " paid for.")
        Optional<Integer> maxTokens) {

  private static final int USUAL_TOKENS = 1024;

  /// Nothing special.
  public static final Sampling USUAL = new Sampling(Optional.empty(), Optional.empty());

  public Sampling {
    temperature.ifPresent(value -> Check.within("temperature", value, 0, 2));
    maxTokens.ifPresent(value -> Check.atLeast("maxTokens", value, 1));
  }

  /// One answer, the likeliest if nothing else is said.
  Decoding one() {
    return decoding(0);
  }

  /// Answers that differ, if nothing else is said.
  Decoding several() {
    return decoding(1);
  }

  /// `count` answers to the same question.
  Decoding answers(int count) {
    return count == 1 ? one() : several();
  }

  /// Tokens of one answer at most.
  int limit() {
    return maxTokens.orElse(USUAL_TOKENS);
  }

  /// Refuses to ask for several answers that would all be the same.
  void requireDifferent(String name, int count) {
    Check.that(
        count == 1 || temperature.orElse(1.0) > 0,
        "temperature",
        "is 0, which gives the same answer %d times; raise it, or lower `%s`"
            .formatted(count, name));
  }

  private Decoding decoding(double usualTemperature) {
    return new Decoding(limit(), temperature.orElse(usualTemperature), 1, 0, List.of());
  }
}
