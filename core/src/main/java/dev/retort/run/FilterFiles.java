package dev.retort.run;

import dev.retort.data.DataRow;
import dev.retort.data.DataRows;
import dev.retort.quality.FilterContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Files that filters compare rows with.
///
/// @param folder what relative paths start from
record FilterFiles(Path folder) implements FilterContext {

  @Override
  public List<DataRow> rows(String pattern) throws IOException {
    return DataRows.read(folder, "against", pattern);
  }
}
