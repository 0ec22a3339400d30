package dev.retort.eval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// How often each label (row) was taken for each class (column).
public record ConfusionMatrix(List<String> names, List<List<Integer>> counts) {

  public ConfusionMatrix {
    names = List.copyOf(names);
    counts = counts.stream().map(List::copyOf).toList();
    int classes = names.size();
    if (counts.size() != classes || counts.stream().anyMatch(row -> row.size() != classes)) {
      throw new IllegalArgumentException(
          "a confusion matrix over %d names must have as many rows and columns".formatted(classes));
    }
  }

  static ConfusionMatrix of(Predictions predictions, List<String> names) {
    List<List<Integer>> counts = new ArrayList<>();
    names.forEach(name -> counts.add(new ArrayList<>(Collections.nCopies(names.size(), 0))));
    for (int row = 0; row < predictions.size(); row++) {
      List<Integer> ofLabel = counts.get(predictions.label(row));
      int predicted = predictions.predicted(row);
      ofLabel.set(predicted, ofLabel.get(predicted) + 1);
    }
    return new ConfusionMatrix(names, counts);
  }

  /// How many rows with this label were taken for class `predicted`.
  public int count(int label, int predicted) {
    return counts.get(label).get(predicted);
  }
}
