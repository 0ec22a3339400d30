package dev.retort.data;

import java.util.List;
import java.util.stream.Collectors;

/// Data that cannot be read or used. Its message lists every problem, one a line.
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Finding> problems;

  /// @param problems at least one, each with severity `ERROR`
  public DataException(List<Finding> problems) {
    this(problems, null);
  }

  /// @param cause what the reader of the file said
  public DataException(Finding problem, Throwable cause) {
    this(List.of(problem), cause);
  }

  private DataException(
      List<Finding> problems, @org.jspecify.annotations.Nullable Throwable cause) {
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("problems is empty; an exception needs at least one");
    }
    super(problems.stream().map(Finding::toString).collect(Collectors.joining("\n")), cause);
    this.problems = List.copyOf(problems);
  }

  /// Everything that is wrong, in the order of files and lines.
  public List<Finding> problems() {
    return problems;
  }
}
