package dev.retort.api;

import dev.retort.catalog.Check;
import java.util.List;
import java.util.Optional;

/// What a chat model is asked, whatever the API it is behind.
///
/// Two equal requests to one model are the same question: its answer is paid for once. A second
/// answer to the same question, as a vote or a variant, is asked for under another [#sample].
///
/// @param turns the conversation so far, which ends with what is to be answered
/// @param decoding how the answer is chosen
/// @param schema a JSON schema that the answer must fit
/// @param sample which of several answers to the same question, from 0; sent as the seed where an
///   API takes one
public record ChatRequest(
    List<ChatTurn> turns, Decoding decoding, Optional<AnswerSchema> schema, int sample) {

  public ChatRequest {
    turns = List.copyOf(turns);
    Check.that(!turns.isEmpty(), "turns", "are empty; a model must be asked something");
    Check.atLeast("sample", sample, 0);
  }

  /// A request for one free text.
  public static ChatRequest of(List<ChatTurn> turns, Decoding decoding) {
    return new ChatRequest(turns, decoding, Optional.empty(), 0);
  }

  /// The same question, asked for another of its answers.
  public ChatRequest withSample(int number) {
    return new ChatRequest(turns, decoding, schema, number);
  }

  /// How an answer is chosen.
  ///
  /// @param maxTokens tokens of the answer at most
  /// @param temperature 0 takes the likeliest token, 1 draws from the model's distribution
  /// @param topP share of the probability that is drawn from
  /// @param topLogprobs alternatives whose log-probabilities come with each token; 0 asks for none
  /// @param stop texts before which the answer ends
  public record Decoding(
      int maxTokens, double temperature, double topP, int topLogprobs, List<String> stop) {

    public Decoding {
      stop = List.copyOf(stop);
      Check.atLeast("maxTokens", maxTokens, 1);
      Check.atLeast("temperature", temperature, 0);
      Check.within("topP", topP, 0, 1);
      Check.within("topLogprobs", topLogprobs, 0, 20);
    }

    /// The likeliest answer of at most `maxTokens` tokens.
    public static Decoding greedy(int maxTokens) {
      return new Decoding(maxTokens, 0, 1, 0, List.of());
    }
  }

  /// A JSON schema for an answer.
  ///
  /// @param name what APIs call it: letters, digits, `_` and `-`
  /// @param json the schema itself, as text
  public record AnswerSchema(String name, String json) {

    public AnswerSchema {
      Check.that(
          name.matches("[A-Za-z0-9_-]{1,64}"),
          "schema.name",
          "must be 1 to 64 letters, digits, '_' and '-' but is '%s'".formatted(name));
    }
  }
}
