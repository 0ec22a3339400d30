package dev.retort.teacher;

import dev.retort.signal.Distribution;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Rows that several teachers have answered, each some of them.
///
/// @param parts what each has said, in an order of its own
/// @param partOf which of them answered a row
/// @param rowOf where in that answer the row is
@SuppressWarnings("ArrayRecordComponent") // made for one question
record RoutedRows(List<Distribution> parts, long[] partOf, long[] rowOf) {

  /// The logits of `count` rows from `first` on, in their own order.
  Distribution.Dense logits(long first, long count) {
    int begin = Math.toIntExact(first);
    int size = Math.toIntExact(count);
    List<Tensor> found = new ArrayList<>();
    long[] placeOf = new long[size];
    int taken = 0;
    try (NoGrad _ = NoGrad.open()) {
      for (int part = 0; part < parts.size(); part++) {
        int answerer = part;
        int[] wanted =
            IntStream.range(0, size).filter(row -> partOf[begin + row] == answerer).toArray();
        if (wanted.length > 0) {
          long[] rows = IntStream.of(wanted).mapToLong(row -> rowOf[begin + row]).toArray();
          found.add(Logits.of(parts.get(part), Tensors.of(rows, rows.length)));
          for (int row : wanted) {
            placeOf[row] = taken++;
          }
        }
      }
      return new Distribution.Dense(
          Tensors.concatenate(found, 0).indexSelect(0, Tensors.of(placeOf, size)));
    }
  }
}
