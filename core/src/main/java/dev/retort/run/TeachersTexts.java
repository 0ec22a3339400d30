package dev.retort.run;

import dev.retort.align.AlignedTexts;
import dev.retort.align.TokenSpelling;
import dev.retort.align.VocabularyMap;
import dev.retort.data.DataException;
import dev.retort.data.Finding;
import dev.retort.data.Finding.Severity;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenizedDataset;
import dev.retort.recipe.GenerationPlan;
import dev.retort.teacher.AligningTeacher;
import dev.retort.teacher.Teacher;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The data as a teacher reads them whose tokens are others than its student's.
///
/// @param texts the data in the teacher's tokens
/// @param aligned the training texts beside the student's
/// @param vocabulary which tokens both have
record TeachersTexts(RunData texts, AlignedTexts aligned, VocabularyMap vocabulary) {

  /// A smaller share of what is learnt is a warning: the teacher is not heard about the rest.
  private static final double MOST = 0.9;

  /// Reads and aligns the data of `plan`, unless teacher and student share their tokens.
  ///
  /// @param ofStudent the same data in the student's tokens
  /// @throws DataException if the teacher says nothing about any token of the training data
  static Optional<TeachersTexts> of(GenerationPlan plan, RunData ofStudent, CheckedData checked)
      throws IOException {
    if (plan.sharedTokens()) {
      return Optional.empty();
    }
    RunData texts = new TextReading(plan.teacher(), plan.recipe()).of(checked);
    TokenSpelling student = TokenSpelling.of(plan.reader());
    TokenSpelling teacher = TokenSpelling.of(plan.teacher());
    TeachersTexts read =
        new TeachersTexts(
            texts,
            AlignedTexts.of(
                plan.recipe().data().rows(),
                training(ofStudent),
                student,
                training(texts),
                teacher),
            VocabularyMap.of(
                student,
                plan.reader().config().tokens(),
                teacher,
                plan.teacher().config().tokens()));
    List<Finding> errors = read.findings().stream().filter(Finding::isError).toList();
    if (!errors.isEmpty()) {
      throw new DataException(errors);
    }
    return Optional.of(read);
  }

  private static List<TokenizedDataset> training(RunData data) {
    return data.training().stream().distinct().toList();
  }

  /// How well both ways of reading go together.
  List<Finding> findings() {
    double share = aligned.learnt() == 0 ? 0 : aligned.aligned() / (double) aligned.learnt();
    Severity severity =
        share == 0 ? Severity.ERROR : share < MOST ? Severity.WARNING : Severity.INFO;
    Finding tokens =
        new Finding(
            severity,
            Optional.empty(),
            String.format(
                Locale.ROOT,
                "other tokens: %,d of the student's %,d are among the teacher's %,d; the teacher is heard about %,d of %,d tokens that are learnt (%.1f %%)%s",
                vocabulary.mapped(),
                vocabulary.teacherOf().length,
                vocabulary.teacherSize(),
                aligned.aligned(),
                aligned.learnt(),
                100 * share,
                severity == Severity.INFO
                    ? ""
                    : ", as it does not read the rest: look at its chat template, and raise teacher.maxLength"));
    return aligned.unread() == 0
        ? List.of(tokens)
        : List.of(
            tokens,
            new Finding(
                Severity.WARNING,
                Optional.empty(),
                "other tokens: %d training texts left out, as their prompts leave the teacher no room for a completion; raise teacher.maxLength"
                    .formatted(aligned.unread())));
  }

  /// Those of `training`, in the student's tokens, that the teacher can be asked about.
  SequenceDataset readable(SequenceDataset training) {
    return new SequenceDataset(
        training.sequences().stream().filter(text -> aligned.find(text).isPresent()).toList());
  }

  /// `teacher`, who reads these texts, asked in the student's tokens.
  Teacher<SequenceBatch> asked(Teacher<SequenceBatch> teacher) {
    return new AligningTeacher(teacher, aligned, vocabulary);
  }
}
