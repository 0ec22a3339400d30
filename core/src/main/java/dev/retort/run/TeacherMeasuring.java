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
    for (ReadyTeacher teacher : faculty.teachers()) {
      all.add(member(teacher, Optional.of(together.predictions())));
    }
    return all;
  }

  private Asked together() {
    Predictions predictions = predictions(heard);
    Evaluation quality =
        measuring.quality(heard.name(), Kind.TEACHER, predictions, Optional.empty());
    List<ReadyTeacher> members = answers.faculty().teachers();
    if (members.stream().anyMatch(member -> member.weights().isEmpty())) {
      return new Asked(quality, predictions); // how many parameters an API has is not known
    }
    double parameters =
        members.stream()
            .mapToDouble(member -> member.weights().orElseThrow().parameters().count())
            .sum();
    return new Asked(quality.with(Metric.PARAMETERS, Measured.exactly(parameters)), predictions);
  }

  private Asked member(ReadyTeacher teacher, Optional<Predictions> together) throws IOException {
    Predictions predictions = predictions(answers.member(teacher.name()));
    Evaluation quality = measuring.quality(teacher.name(), Kind.TEACHER, predictions, together);
    return switch (teacher) {
      case RemoteTeacher remote -> new Asked(quality.with(remote.said().costs()), predictions);
      case TrainedTeacher local -> new Asked(served(local, quality), predictions);
    };
  }

  private Evaluation served(TrainedTeacher teacher, Evaluation quality) throws IOException {
    Shipping shipping =
        new Shipping(
            teacher.pretrained(),
            answers.faculty().lineup().teacher(teacher.name()).maxLength(),
            samples);
    return measuring.serving(
        quality.with(Measuring.parameters(teacher.model())), teacher.model(), shipping);
  }

  private Predictions predictions(Teacher<TextBatch> teacher) {
    return Scoring.predictions(teacher, answers.faculty().readings().student().test());
  }
}
