package dev.retort.run;

import dev.retort.data.DataRow;
import dev.retort.quality.Dropped;
import dev.retort.report.DataReport;
import dev.retort.report.DataReport.Column;
import dev.retort.report.DataReport.Count;
import dev.retort.report.DataReport.Spread;
import dev.retort.report.DataReport.Stage;
import dev.retort.synthesis.StepResult;
import dev.retort.synthesis.Synthesis;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/// Says on a page what came of a synthesis.
final class DataReporting {

  private static final int EXAMPLES = 10;
  private static final int SHOWN = 300;
  private static final int FEW_VALUES = 100;

  private DataReporting() {}

  static DataReport report(
      Synthesis synthesis, List<StepResult> steps, DataReport.Cost cost, List<String> notes) {
    return new DataReport(
        synthesis.name(),
        synthesis.teacher().identity(),
        steps.stream().map(DataReporting::stage).toList(),
        columns(steps.getLast().sifted().kept()),
        cost,
        notes);
  }

  private static Stage stage(StepResult step) {
    List<Dropped> dropped = step.sifted().dropped();
    return new Stage(
        step.step(),
        step.given(),
        step.sifted().kept().size(),
        dropped.size(),
        dropped.stream().limit(EXAMPLES).map(DataReporting::example).toList());
  }

  private static DataReport.Example example(Dropped dropped) {
    String row = dropped.row().json().toString();
    return new DataReport.Example(
        dropped.row().origin(),
        dropped.reason(),
        row.length() > SHOWN ? row.substring(0, SHOWN) + "…" : row);
  }

  private static List<Column> columns(List<DataRow> rows) {
    SequencedSet<String> names = new LinkedHashSet<>();
    rows.forEach(row -> names.addAll(row.fields().keySet()));
    return names.stream()
        .map(name -> column(name, rows.stream().flatMap(row -> row.text(name).stream()).toList()))
        .filter(column -> column.filled() > 0)
        .toList();
  }

  private static Column column(String name, List<String> values) {
    Map<String, Long> counts =
        values.stream()
            .collect(
                Collectors.groupingBy(
                    DataReporting::folded, LinkedHashMap::new, Collectors.counting()));
    boolean few = counts.size() <= FEW_VALUES && 2 * counts.size() <= values.size();
    return new Column(
        name, values.size(), counts.size(), words(values), few ? sorted(counts) : List.of());
  }

  private static List<Count> sorted(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(count -> new Count(count.getKey(), Math.toIntExact(count.getValue())))
        .sorted(Comparator.comparingInt(Count::rows).reversed())
        .toList();
  }

  private static String folded(String text) {
    return text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
  }

  private static Spread words(List<String> values) {
    int[] words =
        values.stream()
            .mapToInt(value -> value.strip().split("\\s+", -1).length)
            .sorted()
            .toArray();
    return words.length == 0
        ? new Spread(0, 0, 0)
        : new Spread(words[0], words[(words.length - 1) / 2], words[words.length - 1]);
  }
}
