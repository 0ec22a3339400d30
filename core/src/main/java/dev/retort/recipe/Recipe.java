package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.data.DataSettings;
import dev.retort.eval.Requirement;
import dev.retort.teacher.Combination;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that decides a run. Two equal recipes on the same data and machine give the same
/// student.
///
/// @param name of the run's folder
/// @param task what kind of answer the student gives
/// @param teacher who is learnt from, if it is one
/// @param teachers who is learnt from, if they are several
/// @param combine how several teachers become one
/// @param student who learns
/// @param data what is learnt from
/// @param objective the losses
/// @param train how the student is trained
/// @param baseline whether the same student is also trained without a teacher
/// @param require bounds by metric, such as `retention: ">= 0.97"`
/// @param cost prices, for what the student saves
/// @param export file formats to hand over
/// @param deploy the exported file that the requirements are about
@Doc("A distillation run: teacher, data, student, losses and requirements.")
public record Recipe(
    @Doc("Name of the run; its folder begins with it.") String name,
    @Default("classification") @Doc("What kind of answer the student gives.") Task task,
    @Doc("Who is learnt from: this one, or several `teachers`.") Optional<TeacherSettings> teacher,
    @Default("[]") @Doc("Who is learnt from, instead of one `teacher`: two or more.")
        List<TeacherSettings> teachers,
    @Doc("How several teachers become one; `mixture` if left out.") Optional<Combination> combine,
    @Default("{}") @Doc("Who learns.") StudentSettings student,
    @Doc("What is learnt from.") DataSettings data,
    @Default("[{use: forward-kl, temperature: 4, weight: 0.7}, {use: cross-entropy, weight: 0.3}]")
        @Doc("The losses; the student minimises their weighted sum.")
        List<Term> objective,
    @Default("{}") @Doc("How the student is trained.") TrainSettings train,
    @Default("true")
        @Doc("Whether the same student is also trained on the labels alone, as a comparison.")
        boolean baseline,
    @Default("{}") @Doc("Bounds by metric, such as `retention: \">= 0.97\"`.")
        Map<String, String> require,
    @Doc("Two prices, for the cost of 1,000 requests and the break-even volume.")
        Optional<CostSettings> cost,
    @Default("[safetensors, onnx, onnx-int8]")
        @Doc(
            "File formats to hand over; the Hugging Face folder and the ONNX file in 32 bits, through"
                + " which the student is measured, are always written.")
        List<ExportFormat> export,
    @Default("onnx-int8") @Doc("The exported file that the requirements are judged on.")
        ExportFormat deploy) {

  public Recipe {
    Check.that(
        name.matches("[A-Za-z0-9][A-Za-z0-9._-]*"),
        "name",
        "must be letters, digits, '.', '_' and '-' but is '%s'".formatted(name));
    Check.notEmpty("objective", objective);
    objective = List.copyOf(objective);
    export = List.copyOf(export);
    Check.that(
        deploy != ExportFormat.SAFETENSORS && export.contains(deploy),
        "deploy",
        "must be 'onnx' or 'onnx-int8' and among `export`, but is '%s' with export %s"
            .formatted(
                deploy.recipeName(), export.stream().map(ExportFormat::recipeName).toList()));
    require = new java.util.LinkedHashMap<>(require);
    require.forEach(Recipe::checkRequirement);
    teachers = List.copyOf(teachers);
    Lineup.of(teacher, teachers, combine, student.teacher());
  }

  /// Whom the run learns from, one or several.
  public Lineup lineup() {
    return Lineup.of(teacher, teachers, combine, student.teacher());
  }

  /// The teacher that the student is cut from.
  public TeacherSettings mainTeacher() {
    return lineup().main();
  }

  /// The same recipe under another seed.
  public Recipe withSeed(long seed) {
    return new Recipe(
        name,
        task,
        teacher,
        teachers,
        combine,
        student,
        data,
        objective,
        train.withSeed(seed),
        baseline,
        require,
        cost,
        export,
        deploy);
  }

  private static void checkRequirement(String metric, String bound) {
    try {
      Requirement.parse(metric, bound);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("require: " + e.getMessage(), e);
    }
  }

  /// The bounds that the student must keep, in recipe order.
  public List<Requirement> requirements() {
    return require.entrySet().stream()
        .map(entry -> Requirement.parse(entry.getKey(), entry.getValue()))
        .toList();
  }
}
