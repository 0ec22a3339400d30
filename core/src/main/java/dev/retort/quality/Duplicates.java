package dev.retort.quality;

import dev.retort.catalog.Check;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.data.DataRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Drops rows whose text was there before, or is in a file such as the test data. Case and white
/// space make no difference.
///
/// @param column with the text
/// @param against files with texts that must not come again
/// @param againstColumn their column with the text
@Named("duplicates")
@Doc("Drops rows whose text was there before, or is in a file such as the test data.")
public record Duplicates(
    @Doc("Column with the text.") String column,
    @Doc("Files with texts that must not come again, such as the test data: a path or glob.")
        Optional<String> against,
    @Doc("Their column with the text; that of `column` if left out.")
        Optional<String> againstColumn)
    implements SetFilter {

  public Duplicates {
    Check.notBlank("column", column);
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("column", column);
  }

  @Override
  public Sifted sift(List<DataRow> rows, FilterContext context) throws IOException {
    Map<String, String> seen = new HashMap<>();
    for (Reference reference : Reference.read(against, againstColumn.orElse(column), context)) {
      seen.putIfAbsent(Folded.of(reference.text()), reference.origin());
    }
    List<DataRow> kept = new ArrayList<>();
    List<Dropped> dropped = new ArrayList<>();
    for (DataRow row : rows) {
      String text = Folded.of(row.text(column).orElse(""));
      String first = seen.putIfAbsent(text, row.origin());
      if (first == null) {
        kept.add(row);
      } else {
        dropped.add(new Dropped(row, "%s is that of %s".formatted(column, first)));
      }
    }
    return new Sifted(kept, dropped);
  }
}
