package dev.retort.quality;

import dev.retort.data.DataRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A filter that looks at one row at a time.
public sealed interface RowFilter extends Filter
    permits Length, Refusals, TemplateLeaks, Format, Threshold {

  /// What is wrong with `row`; nothing if it is kept.
  Optional<String> fault(DataRow row);

  @Override
  default Sifted sift(List<DataRow> rows, FilterContext context) {
    List<DataRow> kept = new ArrayList<>();
    List<Dropped> dropped = new ArrayList<>();
    for (DataRow row : rows) {
      fault(row)
          .ifPresentOrElse(reason -> dropped.add(new Dropped(row, reason)), () -> kept.add(row));
    }
    return new Sifted(kept, dropped);
  }
}
