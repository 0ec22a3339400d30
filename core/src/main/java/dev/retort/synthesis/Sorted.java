package dev.retort.synthesis;

import dev.retort.data.DataRow;
import dev.retort.quality.Dropped;
import dev.retort.quality.Sifted;
import java.util.List;
import java.util.function.Function;

/// Rows on their way into one of two lists.
record Sorted(List<DataRow> kept, List<Dropped> dropped) {

  /// Keeps what is made of a clear reading; drops `row` for an unclear one.
  <T> void add(DataRow row, Reading<T> reading, Function<? super T, DataRow> made) {
    switch (reading) {
      case Reading.Clear<T>(T value) -> kept.add(made.apply(value));
      case Reading.Unclear<T>(String reason) -> dropped.add(new Dropped(row, reason));
    }
  }

  /// The end of an inquiry.
  Inquiry done() {
    return new Inquiry.Done(new Sifted(kept, dropped));
  }
}
