package dev.retort.catalog;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// A recipe that cannot run as it is written. Its message lists all problems in the order of the
/// file and fits a terminal of 80 columns.
public final class RecipeException extends RuntimeException {

  private static final long serialVersionUID = 1;
  private static final int COLUMNS = 80;

  private final transient List<Problem> problems;

  /// @param source the file, or another name for where the recipe came from
  /// @param problems at least one
  public RecipeException(String source, List<Problem> problems) {
    List<Problem> ordered =
        problems.stream().sorted(Comparator.comparingInt(RecipeException::line)).toList();
    super(message(source, ordered));
    this.problems = ordered;
  }

  /// Everything that is wrong, in the order of the file; options of the command line come last.
  public List<Problem> problems() {
    return problems;
  }

  private static int line(Problem problem) {
    return switch (problem.location()) {
      case Location.Nowhere() -> 0;
      case Location.Mark(int line, int _) -> line;
      case Location.Option _ -> Integer.MAX_VALUE;
    };
  }

  private static String message(String source, List<Problem> problems) {
    String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
    return problems.stream()
        .map(problem -> Wrap.lines(problem.toString(), COLUMNS))
        .collect(Collectors.joining("\n", source + ": " + count + "\n", ""));
  }
}
