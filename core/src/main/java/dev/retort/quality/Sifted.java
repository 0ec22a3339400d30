package dev.retort.quality;

import dev.retort.data.DataRow;
import java.util.List;

/// What came of rows: every row is in one of the two lists.
///
/// @param kept in their order
/// @param dropped with their reasons, in their order
public record Sifted(List<DataRow> kept, List<Dropped> dropped) {

  public Sifted {
    kept = List.copyOf(kept);
    dropped = List.copyOf(dropped);
  }
}
