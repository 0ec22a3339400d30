package dev.retort.quality;

import dev.retort.data.DataRow;
import java.io.IOException;
import java.util.List;

/// What filters need from outside.
public interface FilterContext {

  /// The rows of the files that a path or glob stands for.
  ///
  /// @throws dev.retort.data.DataException if they cannot be read
  List<DataRow> rows(String pattern) throws IOException;

  /// The vectors of texts, `[texts, dimensions]`.
  ///
  /// @param model address of the embedder
  /// @throws IOException if the embedder cannot be had
  float[][] vectors(String model, List<String> texts) throws IOException;
}
