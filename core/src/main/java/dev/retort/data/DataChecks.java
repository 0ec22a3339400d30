package dev.retort.data;

import static dev.retort.data.Finding.Severity.ERROR;
import static dev.retort.data.Finding.Severity.INFO;
import static dev.retort.data.Finding.Severity.WARNING;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Looks at data the way a careful person would before training on them.
public final class DataChecks {
  private static final int CLASSES_SHOWN = 5;
  private static final int IMBALANCED = 10;

  private DataChecks() {}

  /// Everything worth knowing about the splits, worst first; includes what was noticed when they
  /// were made.
  public static List<Finding> check(Splits splits) {
    Stream<Finding> found =
        Stream.of(
                splits.findings(),
                splits.all().stream().flatMap(data -> emptyTexts(data).stream()).toList(),
                classes(splits),
                conflicts(splits.train()),
                duplicates(splits.train()),
                nearDuplicates(splits))
            .flatMap(List::stream);
    return found.sorted(Comparator.comparing(Finding::severity)).toList();
  }

  /// Says which examples were longer than the model's limit and lost their ends.
  public static Optional<Finding> truncation(TokenizedDataset tokens, int maxLength) {
    List<Place> places =
        tokens
            .truncatedRows()
            .mapToObj(row -> tokens.dataset().examples().get(row).place())
            .toList();
    String message =
        "%s: %d of %d texts cut, being longer than %d tokens"
            .formatted(tokens.dataset().name(), places.size(), tokens.size(), maxLength);
    return places.isEmpty() ? Optional.empty() : Optional.of(Finding.at(WARNING, places, message));
  }

  static Optional<Finding> emptyTexts(Dataset data) {
    List<Place> places =
        data.examples().stream()
            .filter(example -> example.text().isBlank() || blankPair(example))
            .map(Example::place)
            .toList();
    String message =
        "%s: %d of %d texts empty; remove these rows or fill them in"
            .formatted(data.name(), places.size(), data.size());
    return places.isEmpty() ? Optional.empty() : Optional.of(Finding.at(ERROR, places, message));
  }

  private static boolean blankPair(Example example) {
    return example.pair().filter(String::isBlank).isPresent();
  }

  private static List<Finding> classes(Splits splits) {
    Labels labels = splits.train().labels();
    if (splits.train().examples().stream().noneMatch(Example::isLabelled)) {
      return List.of();
    }
    if (labels.size() < 2) {
      String message =
          "train: there is only one class, '%s'; a classifier needs two (is data.label right?)"
              .formatted(labels.name(0));
      return List.of(Finding.of(ERROR, message));
    }
    return Stream.of(balance(splits.train()), unlearnable(splits), untested(splits))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Finding> balance(Dataset train) {
    int[] counts = train.classCounts();
    List<Integer> present =
        IntStream.range(0, counts.length)
            .filter(label -> counts[label] > 0)
            .boxed()
            .sorted(Comparator.comparingInt(label -> counts[label]))
            .toList();
    int smallest = counts[present.getFirst()];
    int largest = counts[present.getLast()];
    String rarest =
        present.stream()
            .limit(CLASSES_SHOWN)
            .map(label -> train.labels().name(label) + " " + counts[label])
            .collect(Collectors.joining(", "));
    String message =
        "train: %d examples in %d classes; the largest class has %.1f times as many as the smallest"
                .formatted(Arrays.stream(counts).sum(), present.size(), largest / (double) smallest)
            + " (smallest: %s)".formatted(rarest);
    boolean imbalanced = largest >= IMBALANCED * smallest;
    return Optional.of(Finding.of(imbalanced ? WARNING : INFO, message));
  }

  /// Classes that a teacher or the held-out data know, but no training example shows.
  private static Optional<Finding> unlearnable(Splits splits) {
    List<String> absent = absent(splits.train());
    return absent.isEmpty()
        ? Optional.empty()
        : Optional.of(Finding.of(WARNING, "train: no example has the class " + listed(absent)));
  }

  private static Optional<Finding> untested(Splits splits) {
    return splits
        .test()
        .filter(test -> !absent(test).isEmpty())
        .map(test -> Finding.of(INFO, "test: no example has the class " + listed(absent(test))));
  }

  private static List<String> absent(Dataset data) {
    int[] counts = data.classCounts();
    return IntStream.range(0, counts.length)
        .filter(label -> counts[label] == 0)
        .mapToObj(data.labels()::name)
        .toList();
  }

  private static String listed(List<String> names) {
    int left = names.size() - CLASSES_SHOWN;
    return names.stream().limit(CLASSES_SHOWN).collect(Collectors.joining(", "))
        + (left > 0 ? " and " + left + " more" : "");
  }

  private static List<Finding> conflicts(Dataset train) {
    List<Place> places =
        sameText(train)
            .filter(group -> group.stream().mapToInt(Example::label).distinct().count() > 1)
            .flatMap(List::stream)
            .map(Example::place)
            .toList();
    String message =
        "train: %d examples with the text of another one but a different label"
            .formatted(places.size());
    return places.isEmpty() ? List.of() : List.of(Finding.at(WARNING, places, message));
  }

  private static List<Finding> duplicates(Dataset train) {
    List<Place> places =
        sameText(train).flatMap(group -> group.stream().skip(1)).map(Example::place).toList();
    String message = "train: " + Finding.count(places.size(), "repeated text");
    return places.isEmpty() ? List.of() : List.of(Finding.at(INFO, places, message));
  }

  /// Groups of labelled or unlabelled examples that share their text, in order of appearance.
  private static Stream<List<Example>> sameText(Dataset data) {
    Map<String, List<Example>> groups = new LinkedHashMap<>();
    for (Example example : data.examples()) {
      groups.computeIfAbsent(example.folded(), _ -> new ArrayList<>()).add(example);
    }
    return groups.values().stream().filter(group -> group.size() > 1);
  }

  private static List<Finding> nearDuplicates(Splits splits) {
    return splits.heldOut().stream()
        .map(heldOut -> nearDuplicates(splits.train(), heldOut))
        .flatMap(Collection::stream)
        .toList();
  }

  private static List<Finding> nearDuplicates(Dataset train, Dataset heldOut) {
    List<NearDuplicates.Match> matches =
        new NearDuplicates(heldOut.examples()).matches(train.examples());
    if (matches.isEmpty()) {
      return List.of();
    }
    NearDuplicates.Match first = matches.getFirst();
    String message =
        "train: %s nearly the same as one in %s, as %s is to %s (%.0f %% alike)"
            .formatted(
                Finding.count(matches.size(), "example"),
                heldOut.name(),
                first.example().place(),
                first.reference().place(),
                100 * first.similarity());
    List<Place> places = matches.stream().map(match -> match.example().place()).toList();
    return List.of(Finding.at(WARNING, places, message));
  }
}
