package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Predictions;
import dev.retort.export.OnnxPrecision;
import dev.retort.export.Samples;
import dev.retort.io.Folders;
import dev.retort.recipe.TeacherSettings;
import dev.retort.teacher.Teacher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// Measures the teachers of a run: what the student heard first, and of several each by itself.
///
/// @param answers what the teachers say
/// @param measuring how models are measured
/// @param samples what exported teachers are checked on
record TeacherMeasuring(Answers answers, Measuring measuring, Samples samples) {

  /// All of them, the one that the student is compared with first.
  List<Asked> all(RunListener listener) throws IOException {
    Faculty faculty = answers.faculty();
    answers.ask(RunData::test, listener);
    if (!faculty.several()) {
      return List.of(member(faculty.main(), Optional.empty()));
    }
    Asked together = together();
    List<Asked> all = new ArrayList<>(List.of(together));
    for (TrainedTeacher teacher : faculty.teachers()) {
      all.add(member(teacher, Optional.of(together.predictions())));
    }
    return all;
  }

  private Asked together() {
    Teacher<TextBatch> teacher = answers.together();
    Predictions predictions = predictions(teacher);
    double parameters =
        answers.faculty().teachers().stream()
            .mapToDouble(member -> member.model().parameters().count())
            .sum();
    return new Asked(
        measuring
            .quality(teacher.name(), Kind.TEACHER, predictions, Optional.empty())
            .with(Metric.PARAMETERS, Measured.exactly(parameters)),
        predictions);
  }

  private Asked member(TrainedTeacher teacher, Optional<Predictions> together) throws IOException {
    Predictions predictions = predictions(answers.member(teacher.name()));
    Evaluation quality =
        measuring
            .quality(teacher.name(), Kind.TEACHER, predictions, together)
            .with(Measuring.parameters(teacher.model()));
    return new Asked(served(quality, teacher), predictions);
  }

  private Predictions predictions(Teacher<TextBatch> teacher) {
    return Scoring.predictions(teacher, answers.faculty().readings().student().test());
  }

  /// The teacher is exported too, only to be measured on the same road as the student.
  private Evaluation served(Evaluation quality, TrainedTeacher teacher) throws IOException {
    TeacherSettings settings = answers.faculty().lineup().teacher(teacher.name());
    Path work = Files.createTempDirectory("retort-teacher");
    try {
      Path onnx = work.resolve("onnx");
      new Shipping(teacher.pretrained(), settings.maxLength(), samples)
          .onnx(teacher.model(), onnx, EnumSet.of(OnnxPrecision.FP32));
      return measuring.serving(quality, onnx, OnnxPrecision.FP32.fileName());
    } finally {
      Folders.delete(work);
    }
  }
}
