package dev.retort.report;

import dev.retort.eval.Predictions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// A text for which student and teacher choose different classes, beside its label.
public record Disagreement(String text, String label, Answer teacher, Answer student) {

  /// A model's choice and the probability it gave it.
  public record Answer(String label, double probability) {}

  /// The texts of a test set and the names of its classes.
  public record Rows(List<String> texts, List<String> names) {

    public Rows {
      texts = List.copyOf(texts);
      names = List.copyOf(names);
    }
  }

  /// The `limit` disagreements of which both models are surest, by the product of their
  /// probabilities.
  public static List<Disagreement> worst(
      Rows rows, Predictions teacher, Predictions student, int limit) {
    return IntStream.range(0, rows.texts().size())
        .filter(row -> teacher.predicted(row) != student.predicted(row))
        .boxed()
        .sorted(
            Comparator.comparingDouble(row -> -teacher.confidence(row) * student.confidence(row)))
        .limit(limit)
        .map(row ->
            new Disagreement(
                rows.texts().get(row),
                rows.names().get(teacher.label(row)),
                answer(rows, teacher, row),
                answer(rows, student, row)))
        .toList();
  }

  private static Answer answer(Rows rows, Predictions model, int row) {
    return new Answer(rows.names().get(model.predicted(row)), model.confidence(row));
  }
}
