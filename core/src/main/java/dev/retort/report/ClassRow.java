package dev.retort.report;

import dev.retort.eval.ClassScore;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Evaluation.Kind;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// One class with its rows in the test set and its F1 by teacher, student and baseline.
record ClassRow(String name, int support, Map<Kind, Double> f1) {

  /// The student's F1 less the teacher's, or 0 where one of them is not known.
  double loss() {
    Double student = f1.get(Kind.STUDENT);
    Double teacher = f1.get(Kind.TEACHER);
    return student == null || teacher == null ? 0 : student - teacher;
  }

  /// The classes that the student knows, those first that lost most against the teacher.
  static List<ClassRow> of(Results results) {
    Map<Kind, List<ClassScore>> scores = new EnumMap<>(Kind.class);
    for (Evaluation model : results.evaluations()) {
      if (model.kind() == Kind.COMPRESSED) {
        continue;
      }
      model
          .classification()
          .ifPresent(metrics -> scores.putIfAbsent(model.kind(), metrics.classes()));
    }
    List<ClassScore> student = scores.getOrDefault(Kind.STUDENT, List.of());
    scores.values().removeIf(classes -> classes.size() != student.size());
    return IntStream.range(0, student.size())
        .mapToObj(index -> row(student.get(index), index, scores))
        .sorted(Comparator.comparingDouble(ClassRow::loss))
        .toList();
  }

  private static ClassRow row(ClassScore student, int index, Map<Kind, List<ClassScore>> scores) {
    Map<Kind, Double> f1 = new EnumMap<>(Kind.class);
    scores.forEach((kind, classes) -> f1.put(kind, classes.get(index).f1()));
    return new ClassRow(student.name(), student.support(), f1);
  }
}
