package dev.retort.quality;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.data.DataRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Drops rows of labels that have too many. The first ones of each label are kept.
///
/// @param column with the label
/// @param atMost rows of a label at most
/// @param ratio rows of a label at most, for each row of the rarest label
@Named("label-balance")
@Doc("Drops rows of labels that have too many; the first ones are kept.")
public record LabelBalance(
    @Default("label") @Doc("Column with the label.") String column,
    @Doc("Rows of a label at most.") Optional<Integer> atMost,
    @Doc("Rows of a label at most, for each row of the rarest label; at least 1.")
        Optional<Double> ratio)
    implements SetFilter {

  public LabelBalance {
    Check.notBlank("column", column);
    Check.that(atMost.isPresent() || ratio.isPresent(), "atMost", "is missing, and so is `ratio`");
    atMost.ifPresent(most -> Check.atLeast("atMost", most, 1));
    ratio.ifPresent(most -> Check.atLeast("ratio", most, 1));
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("column", column);
  }

  @Override
  public Sifted sift(List<DataRow> rows, FilterContext context) {
    long cap = cap(rows);
    Map<String, Long> seen = new HashMap<>();
    List<DataRow> kept = new ArrayList<>();
    List<Dropped> dropped = new ArrayList<>();
    for (DataRow row : rows) {
      Optional<String> label = row.text(column);
      if (label.isEmpty()) {
        dropped.add(new Dropped(row, "%s is empty".formatted(column)));
      } else if (seen.merge(label.get(), 1L, Long::sum) > cap) {
        dropped.add(
            new Dropped(row, "there are %,d rows of '%s' before it".formatted(cap, label.get())));
      } else {
        kept.add(row);
      }
    }
    return new Sifted(kept, dropped);
  }

  private long cap(List<DataRow> rows) {
    Map<String, Long> counts =
        rows.stream()
            .flatMap(row -> row.text(column).stream())
            .collect(Collectors.groupingBy(label -> label, Collectors.counting()));
    long rarest = counts.values().stream().mapToLong(Long::longValue).min().orElse(0);
    long byRatio = ratio.map(most -> (long) Math.floor(most * rarest)).orElse(Long.MAX_VALUE);
    return Math.min(byRatio, atMost.map(Integer::longValue).orElse(Long.MAX_VALUE));
  }
}
