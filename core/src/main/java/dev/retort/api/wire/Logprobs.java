package dev.retort.api.wire;

import dev.retort.api.ChatAnswer.Alternative;
import dev.retort.api.ChatAnswer.TokenLogprob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Reads log-probabilities in the shapes that APIs give them.
final class Logprobs {

  /// Servers round: a certain token may seem a little more than certain.
  private static final double MOST = 1e-3;

  private static final Comparator<Alternative> LIKELIEST_FIRST =
      Comparator.comparingDouble(Alternative::logprob).reversed();

  private Logprobs() {}

  /// The shape of chats: `content` is a list of tokens, each with its alternatives.
  static List<TokenLogprob> chat(Answer logprobs) {
    Answer content = logprobs.require(logprobs.json().isObject(), "an object").at("content");
    return content.isThere() ? content.items().stream().map(Logprobs::token).toList() : List.of();
  }

  /// The shape of completions: `tokens`, `token_logprobs` and `top_logprobs` are lists of the same
  /// length. A first token that nothing stands before has no log-probability and is left out.
  static List<TokenLogprob> completion(Answer logprobs) {
    if (logprobs.at("content").isThere()) {
      return chat(logprobs); // as llama.cpp gives them
    }
    List<Answer> tokens = logprobs.at("tokens").items();
    List<Answer> values = sameLength(logprobs.at("token_logprobs"), tokens.size());
    Answer top = logprobs.at("top_logprobs");
    List<Answer> alternatives = top.isThere() ? sameLength(top, tokens.size()) : List.of();
    List<TokenLogprob> read = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (i > 0 || values.get(i).isThere()) {
        List<Alternative> here =
            alternatives.isEmpty() ? List.of() : alternativesByToken(alternatives.get(i));
        read.add(new TokenLogprob(tokens.get(i).text(), logprob(values.get(i)), here));
      }
    }
    return List.copyOf(read);
  }

  /// The shape of vLLM's `prompt_logprobs`: for each token an object by token id, whose first entry
  /// is the token itself; null for the first token.
  static List<TokenLogprob> prompt(Answer promptLogprobs) {
    return promptLogprobs.items().stream()
        .filter(Answer::isThere)
        .map(Logprobs::promptToken)
        .toList();
  }

  private static TokenLogprob promptToken(Answer place) {
    List<Alternative> all =
        place
            .properties()
            .map(entry ->
                new Alternative(entry.at("decoded_token").text(), logprob(entry.at("logprob"))))
            .toList();
    place.require(!all.isEmpty(), "an object with the token");
    return new TokenLogprob(
        all.getFirst().token(), all.getFirst().logprob(), likeliestFirst(all.stream()));
  }

  private static TokenLogprob token(Answer place) {
    Answer top = place.at("top_logprobs");
    Stream<Alternative> alternatives =
        top.isThere() ? top.items().stream().map(Logprobs::alternative) : Stream.empty();
    return new TokenLogprob(
        place.at("token").text(), logprob(place.at("logprob")), likeliestFirst(alternatives));
  }

  private static Alternative alternative(Answer place) {
    return new Alternative(place.at("token").text(), logprob(place.at("logprob")));
  }

  private static List<Alternative> alternativesByToken(Answer place) {
    return place.isThere()
        ? likeliestFirst(
            place.properties().map(entry -> new Alternative(entry.step(), logprob(entry))))
        : List.of();
  }

  private static List<Answer> sameLength(Answer list, int length) {
    List<Answer> items = list.items();
    list.require(items.size() == length, "a list of %d".formatted(length));
    return items;
  }

  private static List<Alternative> likeliestFirst(Stream<Alternative> alternatives) {
    return alternatives.sorted(LIKELIEST_FIRST).toList();
  }

  private static double logprob(Answer place) {
    double value = place.number();
    place.require(value <= MOST, "a log-probability, which is at most 0");
    return value;
  }
}
