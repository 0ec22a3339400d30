package dev.retort.report;

import java.util.List;

/// What came of making data, for a page.
///
/// @param name of the synthesis
/// @param model who was asked
/// @param stages what each step and filter did
/// @param columns what the rows that are left hold
/// @param cost what was asked and paid
/// @param notes what else is worth knowing about how it was asked
public record DataReport(
    String name,
    String model,
    List<Stage> stages,
    List<Column> columns,
    Cost cost,
    List<String> notes) {

  public DataReport {
    stages = List.copyOf(stages);
    columns = List.copyOf(columns);
    notes = List.copyOf(notes);
  }

  /// How many rows are left.
  public int kept() {
    return stages.getLast().kept();
  }

  /// How many rows were dropped on the way.
  public int dropped() {
    return stages.stream().mapToInt(Stage::dropped).sum();
  }

  /// A step, or one of its filters.
  ///
  /// @param name its place and name
  /// @param given rows that it was given
  /// @param kept rows that it made or kept
  /// @param dropped rows that it dropped
  /// @param examples some of those
  public record Stage(String name, int given, int kept, int dropped, List<Example> examples) {

    public Stage {
      examples = List.copyOf(examples);
    }
  }

  /// A row that was dropped.
  ///
  /// @param origin where it comes from
  /// @param reason why
  /// @param row what it says, perhaps only its beginning
  public record Example(String origin, String reason, String row) {}

  /// A column of the rows that are left.
  ///
  /// @param name what it is called
  /// @param filled rows with a value there
  /// @param different values that differ in more than case and white space
  /// @param words how many words a value has
  /// @param counts rows of each value, if there are few: most first
  public record Column(String name, int filled, int different, Spread words, List<Count> counts) {

    public Column {
      counts = List.copyOf(counts);
    }

    /// Rows whose value another row has as well.
    public int repeated() {
      return filled - different;
    }
  }

  /// How a number is spread over rows.
  ///
  /// @param least the smallest
  /// @param median half of the rows have no more
  /// @param most the largest
  public record Spread(int least, int median, int most) {}

  /// A value and how many rows have it.
  public record Count(String value, int rows) {}

  /// What was asked and paid.
  ///
  /// @param sent requests that were sent
  /// @param known requests whose answers were known
  /// @param paid for the requests that were sent
  /// @param paidInAll for all answers of the synthesis, earlier runs included
  /// @param licence what may be done with the answers, or empty
  public record Cost(long sent, long known, String paid, String paidInAll, String licence) {}
}
