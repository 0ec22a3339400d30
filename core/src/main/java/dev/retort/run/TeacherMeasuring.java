package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Predictions;
import dev.retort.export.Samples;
import dev.retort.teacher.Teacher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Measures the teachers of a run: what the student heard first, and of several each by itself.
///
/// @param answers what the teachers say
/// @param heard who the student heard: the only teacher, or all of them together
/// @param measuring how models are measured
/// @param samples what exported teachers are checked on
record TeacherMeasuring(
    Answers answers, Teacher<TextBatch> heard, Measuring measuring, Samples samples) {

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
    Predictions predictions = predictions(heard);
    double parameters =
        answers.faculty().teachers().stream()
            .mapToDouble(member -> member.model().parameters().count())
            .sum();
    return new Asked(
        measuring
            .quality(heard.name(), Kind.TEACHER, predictions, Optional.empty())
            .with(Metric.PARAMETERS, Measured.exactly(parameters)),
        predictions);
  }

  private Asked member(TrainedTeacher teacher, Optional<Predictions> together) throws IOException {
    Predictions predictions = predictions(answers.member(teacher.name()));
    Evaluation quality =
        measuring
            .quality(teacher.name(), Kind.TEACHER, predictions, together)
            .with(Measuring.parameters(teacher.model()));
    Shipping shipping =
        new Shipping(
            teacher.pretrained(),
            answers.faculty().lineup().teacher(teacher.name()).maxLength(),
            samples);
    return new Asked(measuring.serving(quality, teacher.model(), shipping), predictions);
  }

  private Predictions predictions(Teacher<TextBatch> teacher) {
    return Scoring.predictions(teacher, answers.faculty().readings().student().test());
  }
}
