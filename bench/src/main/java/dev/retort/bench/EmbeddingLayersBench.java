package dev.retort.bench;

import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.report.RunReport;
import dev.retort.run.Apis;
import dev.retort.run.RunContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Embedders of fewer and fewer layers, against the share of the teacher's rank correlation that
/// sentence-transformers publishes for students of so many layers.
///
/// Usage: `EmbeddingLayersBench RECIPE FOLDER LAYERS [SETTING=VALUE …]`, where `LAYERS` says which
/// rows are run, such as `1,2`: smaller students need, and can afford, more epochs. An interrupted
/// row is taken up where it ended.
public final class EmbeddingLayersBench {

  /// A row of the table.
  ///
  /// @param layers which layers of a teacher of twelve are kept
  /// @param published percent of the teacher's correlation, from the documentation of
  ///   sentence-transformers on model distillation
  private record Student(List<Integer> layers, double published) {}

  private static final List<Student> STUDENTS =
      List.of(
          new Student(List.of(11), 94.6),
          new Student(List.of(5, 11), 97.5),
          new Student(List.of(3, 7, 11), 98.8),
          new Student(List.of(2, 5, 8, 11), 99.4),
          new Student(List.of(1, 3, 5, 7, 9, 11), 99.8));

  private EmbeddingLayersBench() {}

  /// Trains all students and prints a row for each.
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    RunContext context = Surroundings.of(Apis.NONE);
    Set<Integer> wanted =
        Arrays.stream(args[2].split(",")).map(Integer::valueOf).collect(Collectors.toSet());
    for (Student student : STUDENTS) {
      if (!wanted.contains(student.layers().size())) {
        continue;
      }
      List<String> overrides = new ArrayList<>(Arrays.asList(args).subList(3, args.length));
      overrides.add("name=embedder-%d-layer".formatted(student.layers().size()));
      overrides.add("student.layers=" + student.layers());
      Recipe recipe = Recipes.read(file, overrides);
      RunReport report = Surroundings.distilled(context, file, recipe, Path.of(args[1]));
      row(student, report);
    }
  }

  private static void row(Student student, RunReport report) {
    Measured retention = measured(report, Kind.STUDENT, Metric.RETENTION);
    System.out.printf(
        Locale.ROOT,
        "| %d | %.2f | %.2f | %.2f | %.2f %% (%.2f to %.2f) | %.1f %% |%n",
        student.layers().size(),
        100 * measured(report, Kind.TEACHER, Metric.SPEARMAN).value(),
        100 * measured(report, Kind.STUDENT, Metric.SPEARMAN).value(),
        100
            * report
                .results()
                .measurement(Kind.BASELINE, Metric.SPEARMAN)
                .map(Measured::value)
                .orElse(Double.NaN),
        100 * retention.value(),
        100 * retention.low(),
        100 * retention.high(),
        student.published());
  }

  private static Measured measured(RunReport report, Kind kind, Metric metric) {
    return report.results().measurement(kind, metric).orElseThrow();
  }
}
