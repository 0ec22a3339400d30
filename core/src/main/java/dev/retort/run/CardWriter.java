package dev.retort.run;

import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.export.CardKind;
import dev.retort.export.ModelCard;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.StudentOrigin;
import dev.retort.recipe.Term;
import dev.retort.report.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// Writes the model card that travels with a student.
///
/// @param recipe what was asked for
/// @param teachers who taught, in words
/// @param data what was learnt from
record CardWriter(Recipe recipe, String teachers, RunData data) {

  private static final List<Metric> SHOWN =
      List.of(
          Metric.ACCURACY,
          Metric.MACRO_F1,
          Metric.SPEARMAN,
          Metric.TEACHER_CORRELATION,
          Metric.RETENTION,
          Metric.AGREEMENT,
          Metric.TEACHER_KL,
          Metric.EXACT_MATCH,
          Metric.ROUGE_L,
          Metric.PERPLEXITY,
          Metric.BITS_PER_BYTE,
          Metric.EXPECTED_CALIBRATION_ERROR);

  void write(Results results, CardKind kind, Path folder) throws IOException {
    new ModelCard(
            recipe.name(),
            kind,
            data.labels(),
            new ModelCard.Origin(baseModel(recipe), Optional.empty(), Optional.empty()),
            new ModelCard.Training(
                teachers, recipe.data().train(), data.train().dataset().hash(), method()),
            numbers(results))
        .write(folder);
  }

  /// The teachers of `faculty` in words: model and fingerprint of each.
  static String teachers(Faculty faculty) {
    return faculty.teachers().stream()
        .map(teacher ->
            "%s %s"
                .formatted(
                    faculty.lineup().teacher(teacher.name()).model(),
                    teacher.fingerprint().substring(0, 12)))
        .collect(Collectors.joining(", "));
  }

  /// The model that a student of `recipe` is made of.
  static String baseModel(Recipe recipe) {
    return switch (recipe.student().from()) {
      case StudentOrigin.Teacher _, StudentOrigin.Pretrained _, StudentOrigin.Static _ ->
          recipe.mainTeacher().model();
      case StudentOrigin.Model(String address) -> address;
      case StudentOrigin.Scratch _ -> "none";
    };
  }

  private String method() {
    String losses =
        recipe.training().stream()
            .map(stage ->
                stage.objective().stream()
                    .map(CardWriter::weighted)
                    .collect(Collectors.joining(" + ")))
            .collect(Collectors.joining(", then "));
    return recipe
        .student()
        .lora()
        .map(lora -> "%s, on adapters of rank %d (LoRA), merged".formatted(losses, lora.rank()))
        .orElse(losses);
  }

  private static String weighted(Term term) {
    return String.format(Locale.ROOT, "%s × %s", term.weight(), term.objective());
  }

  private static SequencedMap<String, String> numbers(Results results) {
    SequencedMap<String, String> numbers = new LinkedHashMap<>();
    Optional<Evaluation> student = results.first(Kind.STUDENT);
    for (Metric metric : SHOWN) {
      student
          .flatMap(evaluation -> evaluation.measurement(metric))
          .ifPresent(measured ->
              numbers.put(
                  metric.label(),
                  String.format(
                      Locale.ROOT,
                      "%.4f (%.4f to %.4f)",
                      measured.value(),
                      measured.low(),
                      measured.high())));
    }
    return numbers;
  }
}
