package dev.retort.export;

import dev.retort.runtime.Embedder;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/// How far the answers of an exported file are from the student's own.
///
/// @param precision which file
/// @param samples how many inputs were compared
/// @param maxDifference the largest `|Δ logit|`
/// @param meanDifference the mean `|Δ logit|`
/// @param relativeError root mean square of `Δ logit` over that of the student's logits around the
///   mean of their row: 0 is equal, 1 is useless
/// @param agreement the share of inputs for which both choose the same label; for an embedder the
///   mean cosine of both vectors
public record ParityReport(
    OnnxPrecision precision,
    int samples,
    double maxDifference,
    double meanDifference,
    double relativeError,
    double agreement) {

  /// Compares two lists of logits, row by row.
  static ParityReport of(OnnxPrecision precision, List<float[]> student, List<float[]> exported) {
    return of(precision, student, exported, (a, b) -> largest(a) == largest(b) ? 1 : 0);
  }

  /// Compares two lists of vectors, row by row.
  static ParityReport ofVectors(
      OnnxPrecision precision, List<float[]> student, List<float[]> exported) {
    return of(precision, student, exported, Embedder::cosine);
  }

  private static ParityReport of(
      OnnxPrecision precision,
      List<float[]> student,
      List<float[]> exported,
      ToDoubleBiFunction<float[], float[]> agreement) {
    double max = 0;
    double sum = 0;
    double squares = 0;
    double spread = 0;
    double alike = 0;
    for (int row = 0; row < student.size(); row++) {
      float[] expected = student.get(row);
      double mean = mean(expected);
      for (int label = 0; label < expected.length; label++) {
        double difference = Math.abs((double) exported.get(row)[label] - expected[label]);
        max = Math.max(max, difference);
        sum += difference;
        squares += difference * difference;
        spread += (expected[label] - mean) * (expected[label] - mean);
      }
      alike += agreement.applyAsDouble(expected, exported.get(row));
    }
    return new ParityReport(
        precision,
        student.size(),
        max,
        sum / (student.size() * student.getFirst().length),
        squares == 0 ? 0 : Math.sqrt(squares / spread),
        alike / student.size());
  }

  private static double mean(float[] logits) {
    double sum = 0;
    for (float logit : logits) {
      sum += logit;
    }
    return sum / logits.length;
  }

  private static int largest(float[] logits) {
    int largest = 0;
    for (int label = 1; label < logits.length; label++) {
      largest = logits[label] > logits[largest] ? label : largest;
    }
    return largest;
  }
}
