package dev.retort.quality;

import dev.retort.catalog.Catalog;
import dev.retort.data.DataRow;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Drops rows that have one fault.
public sealed interface Filter permits RowFilter, SetFilter {

  /// The filters by name.
  Catalog<Filter> CATALOG =
      Catalog.of(
          "filter",
          Filter.class,
          Duplicates.class,
          NearDuplicates.class,
          Length.class,
          Refusals.class,
          TemplateLeaks.class,
          Language.class,
          Format.class,
          LabelBalance.class,
          Threshold.class,
          Diverse.class);

  /// The columns that rows must have, by the setting that names each.
  Map<String, String> reads();

  /// Sorts `rows` into those that are kept and those that are not.
  ///
  /// @param context where files and vectors come from
  /// @throws IOException if these cannot be read
  Sifted sift(List<DataRow> rows, FilterContext context) throws IOException;
}
