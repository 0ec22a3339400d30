package dev.retort.quality;

import dev.retort.catalog.Check;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.data.DataRow;
import dev.retort.hub.Address;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Keeps the rows whose texts lie furthest apart in the space of an embedder ([KCenter]).
///
/// @param column with the text
/// @param model address of the embedder
/// @param keep how many rows are kept
@Named("diverse")
@Doc("Keeps the rows whose texts lie furthest apart in the space of an embedder.")
public record Diverse(
    @Doc("Column with the text.") String column,
    @Doc(
            "Address of the embedder: `maven:group:artifact:version`, `hf:owner/name@revision`, or a"
                + " folder.")
        String model,
    @Doc("How many rows are kept.") int keep)
    implements SetFilter {

  public Diverse {
    Check.notBlank("column", column);
    Check.notBlank("model", model);
    Address.parse(model);
    Check.atLeast("keep", keep, 1);
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("column", column);
  }

  @Override
  public Sifted sift(List<DataRow> rows, FilterContext context) throws IOException {
    List<DataRow> with = rows.stream().filter(row -> row.text(column).isPresent()).toList();
    float[][] vectors =
        with.size() <= keep
            ? new float[with.size()][0]
            : context.vectors(
                model, with.stream().map(row -> row.text(column).orElseThrow()).toList());
    KCenter centers = KCenter.of(vectors, keep);
    List<DataRow> kept = new ArrayList<>();
    List<Dropped> dropped = new ArrayList<>();
    int place = 0;
    for (DataRow row : rows) {
      if (row.text(column).isEmpty()) {
        dropped.add(new Dropped(row, "%s is empty".formatted(column)));
        continue;
      }
      Optional<KCenter.Near> near = centers.near(place++);
      near.ifPresentOrElse(
          center -> dropped.add(new Dropped(row, reason(center, with))), () -> kept.add(row));
    }
    return new Sifted(kept, dropped);
  }

  private static String reason(KCenter.Near center, List<DataRow> rows) {
    return String.format(
        Locale.ROOT,
        "is among the least different: %s is kept, at a cosine distance of %.3f",
        rows.get(center.index()).origin(),
        center.distance());
  }
}
