package dev.retort.bench;

import dev.retort.data.Target;
import dev.retort.data.TokenSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Word problems of two and three steps with their solutions: `Ann has 7 pears . she buys 5 . she
/// eats 3 . how many ?`, `7 + 5 = 12 . 12 - 3 = 9 .`, `9`.
///
/// A token is a word, a sign or a whole number, so that what is learnt is the order of the steps
/// and the sums, and not how digits make numbers.
final class ArithmeticProblems {

  /// Ends a text.
  static final int END = 0;

  /// The largest number that occurs.
  static final int LARGEST = 36;

  /// One problem in words and numbers.
  ///
  /// @param question what is asked
  /// @param rationale the steps to the answer
  /// @param answer a number
  record Problem(List<String> question, List<String> rationale, String answer) {}

  private static final String LABEL = "[label]";
  private static final String RATIONALE = "[rationale]";
  private static final List<String> NAMES = List.of("Ann", "Ben", "Eve", "Max");
  private static final List<String> THINGS = List.of("pears", "coins", "books", "cards");
  private static final List<String> GAINS = List.of("buys", "finds", "wins", "gets");
  private static final List<String> LOSSES = List.of("eats", "loses", "sells", "drops");
  private static final List<String> OTHERS =
      List.of("<end>", LABEL, RATIONALE, "has", "then", "how", "many", "?", ".", "+", "-", "=");

  private static final List<String> VOCABULARY =
      Stream.of(
              OTHERS.stream(),
              NAMES.stream(),
              THINGS.stream(),
              GAINS.stream(),
              LOSSES.stream(),
              IntStream.rangeClosed(0, LARGEST).mapToObj(String::valueOf))
          .flatMap(words -> words)
          .toList();

  private ArithmeticProblems() {}

  /// How many tokens there are.
  static int tokens() {
    return VOCABULARY.size();
  }

  /// Different problems, drawn with `seed`, none of which is among `others`.
  static List<Problem> draw(int count, long seed, List<Problem> others) {
    Random random = new Random(seed);
    return Stream.generate(() -> problem(random))
        .distinct()
        .filter(problem -> !others.contains(problem))
        .limit(count)
        .toList();
  }

  private static Problem problem(Random random) {
    int left = 1 + random.nextInt(9);
    List<String> question =
        new ArrayList<>(
            List.of(any(NAMES, random), "has", String.valueOf(left), any(THINGS, random), "."));
    List<String> rationale = new ArrayList<>();
    for (int step = 2 + random.nextInt(2); step > 0; step--) {
      boolean gain = left < 2 || random.nextBoolean();
      int change = 1 + random.nextInt(gain ? 9 : Math.min(9, left));
      int now = gain ? left + change : left - change;
      question.addAll(
          List.of("then", any(gain ? GAINS : LOSSES, random), String.valueOf(change), "."));
      rationale.addAll(
          List.of(
              String.valueOf(left),
              gain ? "+" : "-",
              String.valueOf(change),
              "=",
              String.valueOf(now),
              "."));
      left = now;
    }
    question.addAll(List.of("how", "many", "?"));
    return new Problem(List.copyOf(question), List.copyOf(rationale), String.valueOf(left));
  }

  private static String any(List<String> words, Random random) {
    return words.get(random.nextInt(words.size()));
  }

  /// What stands before the answer.
  static int[] prompt(Problem problem) {
    return ids(Stream.concat(Stream.of(LABEL), problem.question().stream()));
  }

  /// The token of the answer.
  static int answer(Problem problem) {
    return VOCABULARY.indexOf(problem.answer());
  }

  /// The problem with its answer.
  static TokenSequence withAnswer(Problem problem) {
    return completed(prompt(problem), ids(Stream.of(problem.answer())), Target.LABEL);
  }

  /// The problem with its steps.
  static TokenSequence withRationale(Problem problem) {
    return completed(
        ids(Stream.concat(Stream.of(RATIONALE), problem.question().stream())),
        ids(problem.rationale().stream()),
        Target.RATIONALE);
  }

  private static TokenSequence completed(int[] prompt, int[] completion, Target target) {
    int[] all = Arrays.copyOf(prompt, prompt.length + completion.length + 1);
    System.arraycopy(completion, 0, all, prompt.length, completion.length);
    all[all.length - 1] = END;
    return TokenSequence.completion(all, prompt.length).saying(target);
  }

  private static int[] ids(Stream<String> words) {
    return words.mapToInt(VOCABULARY::indexOf).toArray();
  }
}
