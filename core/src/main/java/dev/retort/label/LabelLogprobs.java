package dev.retort.label;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Alternative;
import dev.retort.api.ChatAnswer.TokenLogprob;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// The distribution over labels that the log-probabilities of an answer's tokens imply.
///
/// An answer walks down the tree of the labels' spellings. At each of its tokens the alternatives
/// that lead to other labels carry `Π p(token before) · p(alternative)`, which is shared evenly by
/// the labels that begin so; the label at the end carries what is left of the walk. What leads to
/// no label is left out, and the rest is brought to sum 1: the distribution given that the answer
/// is a label.
final class LabelLogprobs {

  private final List<String> labels;
  private final double[] mass;

  private LabelLogprobs(List<String> labels) {
    this.labels = labels.stream().map(LabelLogprobs::folded).toList();
    this.mass = new double[labels.size()];
  }

  /// The distribution of an answer that names `label`; empty if it has no log-probabilities, or
  /// does not spell the label.
  static Optional<double[]> of(List<String> labels, int label, ChatAnswer answer) {
    if (answer.logprobs().isEmpty()) {
      return Optional.empty();
    }
    StringBuilder whole = new StringBuilder();
    answer.logprobs().forEach(token -> whole.append(token.token()));
    String name = folded(labels.get(label));
    int start = folded(whole.toString()).lastIndexOf(name);
    return start < 0
        ? Optional.empty()
        : Optional.of(
            new LabelLogprobs(labels).walk(answer.logprobs(), label, start, start + name.length()));
  }

  /// Folds case only, so that places stay where they are.
  private static String folded(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private double[] walk(List<TokenLogprob> tokens, int label, int start, int end) {
    double path = 1;
    int place = 0;
    String name = labels.get(label);
    for (TokenLogprob token : tokens) {
      int next = place + token.token().length();
      if (next > start && place < end) {
        String before = name.substring(0, Math.max(0, place - start));
        String lead = token.token().substring(0, Math.max(0, start - place));
        spread(token, before, lead, path);
        path *= Math.exp(token.logprob());
      }
      place = next;
    }
    mass[label] += path;
    return normalised();
  }

  private void spread(TokenLogprob token, String before, String lead, double path) {
    for (Alternative other : token.top()) {
      Optional<String> rest = after(lead, other.token());
      if (rest.isEmpty() || other.token().equals(token.token())) {
        continue;
      }
      String spelt = before + folded(rest.get());
      int[] reached =
          IntStream.range(0, labels.size()).filter(i -> leadsTo(spelt, labels.get(i))).toArray();
      for (int i : reached) {
        mass[i] += path * Math.exp(other.logprob()) / reached.length;
      }
    }
  }

  /// What of an alternative stands where the label begins; white space before it does not matter.
  private static Optional<String> after(String lead, String alternative) {
    if (lead.isBlank()) {
      return Optional.of(lead.isEmpty() ? alternative : alternative.stripLeading());
    }
    return alternative.startsWith(lead)
        ? Optional.of(alternative.substring(lead.length()))
        : Optional.empty();
  }

  /// Whether an answer that has come to `spelt` may be on its way to `label`, or has just passed
  /// its end.
  private static boolean leadsTo(String spelt, String label) {
    if (spelt.isBlank()) {
      return false;
    }
    return label.startsWith(spelt)
        || (spelt.startsWith(label)
            && !Character.isLetterOrDigit(spelt.codePointAt(label.length())));
  }

  private double[] normalised() {
    double sum = 0;
    for (double one : mass) {
      sum += one;
    }
    double[] probabilities = new double[mass.length];
    for (int i = 0; i < mass.length; i++) {
      probabilities[i] = mass[i] / sum;
    }
    return probabilities;
  }
}
