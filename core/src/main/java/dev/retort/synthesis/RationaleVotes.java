package dev.retort.synthesis;

import dev.retort.data.DataRow;
import dev.retort.quality.Dropped;
import dev.retort.synthesis.ReasonedForm.Reasoned;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.node.DoubleNode;

/// Decides which of several rationales about one row are kept.
///
/// @param step what was asked
/// @param row what it was asked about
record RationaleVotes(RationaleStep step, DataRow row) {

  /// Column that gets the share of the usable answers that agree.
  static final String AGREEMENT = "agreement";

  /// Counts what was said. The right answer, if it is known, decides; otherwise the one that was
  /// given most often, if there is only one.
  Inquiry count(List<Reading<Reasoned>> readings) {
    Sorted sorted = new Sorted(new ArrayList<>(), new ArrayList<>());
    SequencedMap<String, List<Reasoned>> answers = new LinkedHashMap<>();
    for (Reading<Reasoned> reading : readings) {
      switch (reading.then(this::keyed)) {
        case Reading.Clear<Keyed>(Keyed(String key, Reasoned said)) ->
            answers.computeIfAbsent(key, _ -> new ArrayList<>()).add(said);
        case Reading.Unclear<Keyed>(String reason) ->
            sorted.dropped().add(new Dropped(row, reason));
      }
    }
    known()
        .ifPresentOrElse(
            right ->
                keep(
                    sorted,
                    answers,
                    step.match().key(right),
                    "is not the known answer '%s'".formatted(right)),
            () -> keep(sorted, answers, most(answers), votes(answers)));
    return sorted.done();
  }

  /// An answer and what it has in common with equal ones.
  private record Keyed(String key, Reasoned said) {}

  private Reading<Keyed> keyed(Reasoned said) {
    return step.match()
        .key(said.conclusion())
        .<Reading<Keyed>>map(key -> new Reading.Clear<>(new Keyed(key, said)))
        .orElseGet(() -> Reading.unclear("the answer holds no number", said.conclusion()));
  }

  private Optional<String> known() {
    return step.known().flatMap(row::text);
  }

  private static Optional<String> most(SequencedMap<String, List<Reasoned>> answers) {
    int most = answers.values().stream().mapToInt(List::size).max().orElse(0);
    List<String> first =
        answers.entrySet().stream()
            .filter(answer -> answer.getValue().size() == most)
            .map(Map.Entry::getKey)
            .toList();
    return first.size() == 1 ? Optional.of(first.getFirst()) : Optional.empty();
  }

  private static String votes(SequencedMap<String, List<Reasoned>> answers) {
    List<String> counts =
        answers.values().stream()
            .map(same -> "%d × '%s'".formatted(same.size(), same.getFirst().conclusion()))
            .toList();
    return "is not what most votes say: " + String.join(", ", counts);
  }

  private void keep(
      Sorted sorted,
      SequencedMap<String, List<Reasoned>> answers,
      Optional<String> right,
      String otherwise) {
    int all = answers.values().stream().mapToInt(List::size).sum();
    answers.forEach((key, same) -> {
      boolean kept = right.filter(key::equals).isPresent();
      for (int i = 0; i < same.size(); i++) {
        DataRow made = made(same.get(i), (double) same.size() / all);
        if (!kept) {
          sorted
              .dropped()
              .add(
                  new Dropped(
                      made, "its answer '%s' %s".formatted(same.get(i).conclusion(), otherwise)));
        } else if (i < step.rationales()) {
          sorted.kept().add(made);
        }
      }
    });
  }

  private DataRow made(Reasoned said, double agreement) {
    return row.with(step.output(), said.conclusion())
        .with(step.rationale(), said.reason())
        .with(AGREEMENT, DoubleNode.valueOf(agreement));
  }
}
