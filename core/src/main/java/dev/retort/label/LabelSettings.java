package dev.retort.label;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The `ask:` section of a recipe's API teacher: how it is asked for labels.
///
/// @param instructions what the task is, for the model to read
/// @param labels what labels mean, by name
/// @param examples labelled training texts that every question shows
/// @param labelled whether texts that have a label are asked about too
/// @param votes how many answers to each question make the soft target
/// @param temperature of the answers
/// @param logprobs alternatives at each token whose log-probabilities are asked for
/// @param rationale whether the model thinks aloud before it names the label
/// @param structured whether the answer is held to a JSON schema
/// @param maxTokens tokens of an answer at most
/// @param smoothing share of every soft target that is spread over all labels
public record LabelSettings(
    @Doc("What the task is, in words for the model; a plain sentence if left out.")
        Optional<String> instructions,
    @Default("{}") @Doc("What labels mean, by name, for the model to read; need not be complete.")
        Map<String, String> labels,
    @Default("0") @Doc("Labelled training texts that every question shows as examples.")
        int examples,
    @Default("false")
        @Doc(
            "Whether training texts that have a label are asked about too; if not, the label stands"
                + " for the teacher's answer.")
        boolean labelled,
    @Default("1") @Doc("How many answers to each question make the soft target (self-consistency).")
        int votes,
    @Doc("Temperature of the answers; 0 for one vote, 1 for several, if left out.")
        Optional<Double> temperature,
    @Default("0")
        @Doc(
            "Alternatives at each token whose log-probabilities are asked for, up to 20, where the"
                + " API has them; 0 is none.")
        int logprobs,
    @Default("false") @Doc("Whether the model reasons step by step before it names the label.")
        boolean rationale,
    @Default("false") @Doc("Whether the answer is held to a JSON schema, where the API can.")
        boolean structured,
    @Doc("Tokens of an answer at most; 64, or 512 with a rationale, if left out.")
        Optional<Integer> maxTokens,
    @Default("0.05") @Doc("Share of every soft target that is spread evenly over all labels.")
        double smoothing) {

  private static final int LABEL_TOKENS = 64;
  private static final int RATIONALE_TOKENS = 512;

  /// One answer without anything special.
  public static final LabelSettings USUAL =
      new LabelSettings(
          Optional.empty(),
          Map.of(),
          0,
          false,
          1,
          Optional.empty(),
          0,
          false,
          false,
          Optional.empty(),
          0.05);

  public LabelSettings {
    labels = new LinkedHashMap<>(labels);
    Check.atLeast("examples", examples, 0);
    Check.atLeast("votes", votes, 1);
    temperature.ifPresent(value -> Check.atLeast("temperature", value, 0));
    Check.that(
        votes == 1 || temperature.orElse(1.0) > 0,
        "temperature",
        "is 0, which gives the same answer %d times; raise it, or ask for one vote"
            .formatted(votes));
    Check.within("logprobs", logprobs, 0, 20);
    maxTokens.ifPresent(value -> Check.atLeast("maxTokens", value, 1));
    Check.within("smoothing", smoothing, 0, 0.5);
  }

  /// The same with other instructions.
  public LabelSettings withInstructions(Optional<String> text) {
    return new LabelSettings(
        text,
        labels,
        examples,
        labelled,
        votes,
        temperature,
        logprobs,
        rationale,
        structured,
        maxTokens,
        smoothing);
  }

  /// The temperature of the answers.
  double drawnAt() {
    return temperature.orElse(votes == 1 ? 0.0 : 1.0);
  }

  /// The limit of an answer's tokens.
  int limit() {
    return maxTokens.orElse(rationale ? RATIONALE_TOKENS : LABEL_TOKENS);
  }
}
