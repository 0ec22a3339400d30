package dev.retort.synthesis;

import dev.retort.catalog.Check;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.quality.Filter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Drops rows that are not good enough, before later steps pay for them.
///
/// @param with filters, one after the other
@Named("filter")
@Doc("Drops rows that a filter finds fault with.")
public record FilterStep(@Doc("Filters, one after the other.") List<Filter> with) implements Step {

  public FilterStep {
    with = List.copyOf(with);
    Check.notEmpty("with", with);
  }

  @Override
  public Map<String, String> reads() {
    Map<String, String> columns = new HashMap<>();
    for (int i = 0; i < with.size(); i++) {
      String at = "with[%d].".formatted(i);
      with.get(i).reads().forEach((setting, column) -> columns.put(at + setting, column));
    }
    return columns;
  }

  @Override
  public Set<String> adds() {
    return Set.of();
  }
}
