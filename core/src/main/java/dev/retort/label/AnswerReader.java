package dev.retort.label;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Finds the label that an answer names.
///
/// An answer that is a label but for case, quotes and punctuation is taken as that; in a longer one
/// exactly one label must occur as words of their own. Anything else is refused with its reason: a
/// guess would be a wrong label that looks like a right one.
///
/// @param labels names of the labels, in the order of the distribution
/// @param settings what the question asked for
public record AnswerReader(List<String> labels, LabelSettings settings) {

  private static final int SHOWN = 80;
  private static final Pattern EDGES =
      Pattern.compile("^[\\s\"'`*_.:,;()\\[\\]]+|[\\s\"'`*_.:,;()\\[\\]!?]+$");
  private static final Pattern BETWEEN =
      Pattern.compile("[\\s_-]+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern LAST_LINE =
      Pattern.compile("(?is)^(.*)\\blabel\\s*[:=]\\**\\s*([^\\n]+)\\s*$");

  /// What an answer is read as: its label's text and why.
  private record Said(String label, Optional<String> rationale) {}

  public AnswerReader {
    labels = List.copyOf(labels);
  }

  /// Reads `answer`.
  public Opinion read(ChatAnswer answer) {
    if (answer.finish() == Finish.REFUSED || answer.finish() == Finish.FILTERED) {
      return unusable("the model declined", answer);
    }
    Optional<Said> said = said(answer.text());
    if (said.isEmpty()) {
      return unusable(
          answer.finish() == Finish.LENGTH
              ? "cut before a label"
              : "no label in the form asked for",
          answer);
    }
    List<Integer> found = named(said.get().label());
    if (found.size() != 1) {
      return unusable(found.isEmpty() ? "names no label" : "names several labels", answer);
    }
    int label = found.getFirst();
    double[] probabilities =
        LabelLogprobs.of(labels, label, answer).orElseGet(() -> certain(label));
    return new Opinion.Heard(probabilities, label, said.get().rationale());
  }

  private double[] certain(int label) {
    double[] probabilities = new double[labels.size()];
    probabilities[label] = 1;
    return probabilities;
  }

  private static Opinion unusable(String reason, ChatAnswer answer) {
    String text = answer.text().strip();
    String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    return new Opinion.Unusable("%s: '%s'".formatted(reason, shown));
  }

  private Optional<Said> said(String text) {
    if (settings.structured()) {
      return structured(text);
    }
    if (!settings.rationale()) {
      return text.isBlank() ? Optional.empty() : Optional.of(new Said(text, Optional.empty()));
    }
    Matcher lines = LAST_LINE.matcher(text.strip());
    return lines.matches()
        ? Optional.of(new Said(lines.group(2), notBlank(lines.group(1))))
        : Optional.empty();
  }

  private static Optional<Said> structured(String text) {
    try {
      JsonNode json = JsonMapper.shared().readTree(text);
      JsonNode label = json.path(LabelQuestion.LABEL_FIELD);
      return label.isString()
          ? Optional.of(
              new Said(
                  label.stringValue(),
                  notBlank(json.path(LabelQuestion.RATIONALE_FIELD).asString(""))))
          : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty(); // the caller says what stood there instead
    }
  }

  private static Optional<String> notBlank(String text) {
    return Optional.of(text.strip()).filter(some -> !some.isEmpty());
  }

  /// The labels that `text` names: the one that it is, or those that occur in it and lie in no
  /// longer one that does.
  private List<Integer> named(String text) {
    String plain = plain(text);
    List<Integer> same =
        IntStream.range(0, labels.size())
            .filter(i -> plain(labels.get(i)).equals(plain))
            .boxed()
            .toList();
    if (!same.isEmpty()) {
      return exact(text, same);
    }
    List<Integer> inside = new ArrayList<>();
    String left = " " + plain.replaceAll("[^\\p{L}\\p{N}]+", " ") + " ";
    List<Integer> longestFirst =
        IntStream.range(0, labels.size())
            .boxed()
            .sorted((a, b) -> Integer.compare(labels.get(b).length(), labels.get(a).length()))
            .toList();
    for (int label : longestFirst) {
      String words = " " + plain(labels.get(label)).replaceAll("[^\\p{L}\\p{N}]+", " ") + " ";
      if (!words.isBlank() && left.contains(words)) {
        inside.add(label);
        left = left.replace(words, " | ");
      }
    }
    return inside;
  }

  /// Of labels that differ in case or punctuation only, the one that is spelt alike.
  private List<Integer> exact(String text, List<Integer> same) {
    List<Integer> spelt =
        same.stream().filter(label -> labels.get(label).equals(text.strip())).toList();
    return spelt.isEmpty() ? same : spelt;
  }

  private static String plain(String text) {
    String bare = EDGES.matcher(text).replaceAll("");
    return BETWEEN.matcher(bare).replaceAll(" ").toLowerCase(Locale.ROOT);
  }
}
