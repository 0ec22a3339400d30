package dev.retort.api.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a fake teacher says: always the same to the same question.
///
/// @param tokens the answer
/// @param finish why it ended
/// @param inputTokens tokens of the question
/// @param fault what is wrong with it
record FakeReply(List<String> tokens, Finish finish, int inputTokens, Optional<Fault> fault) {

  enum Finish {
    STOP,
    LENGTH,
    FILTERED,
    REFUSED
  }

  static FakeReply to(FakeQuestion question, Optional<Fault> fault) {
    List<String> all = new ArrayList<>();
    if (question.schema().isPresent()) {
      all.addAll(List.of("{\"label\"", ":\"", question.text().replace(' ', '_'), "\"}"));
    } else {
      all.add("Ünder");
      all.addAll(words(" «" + question.text() + "»"));
      all.add("\n42");
    }
    int kept = Math.min(all.size(), question.maxTokens());
    int inputs = question.texts().stream().mapToInt(text -> words(text).size()).sum();
    return new FakeReply(
        List.copyOf(all.subList(0, kept)),
        finish(fault, kept < all.size()),
        inputs,
        fault.filter(Fault::isAnswer));
  }

  String text() {
    return String.join("", tokens);
  }

  /// A word with the blank before it is a token.
  static List<String> words(String text) {
    return List.of(text.split("(?= )"));
  }

  static double logprob(int position) {
    return -0.125 * (position + 1);
  }

  private static Finish finish(Optional<Fault> fault, boolean cut) {
    if (fault.equals(Optional.of(Fault.REFUSAL))) {
      return Finish.REFUSED;
    }
    if (fault.equals(Optional.of(Fault.FILTERED))) {
      return Finish.FILTERED;
    }
    return cut ? Finish.LENGTH : Finish.STOP;
  }
}
