package dev.retort.align;

import dev.retort.data.TokenSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Which tokens of two models that are learnt cover the same bytes of one text.
///
/// A group is closed wherever a token of both models ends at the same byte, so that groups are as
/// small as they can be, and what follows a disagreement is aligned again. Tokens that end a text
/// or a turn are a group by their role. Other marks that one model has and the other has not, such
/// as the beginning of a text, are not learnt and in no group.
///
/// @param groups in the order of the text
public record Alignment(List<Group> groups) {

  public Alignment {
    groups = List.copyOf(groups);
  }

  /// Aligns what is learnt of one text, stretch by stretch: completions, turns of an assistant.
  ///
  /// @param fromStart whether each sequence is one text from its first token that is not special;
  ///   otherwise the first tokens that are learnt begin at the same byte
  public static Alignment of(
      TokenSequence student,
      TokenSpelling studentSpelling,
      TokenSequence teacher,
      TokenSpelling teacherSpelling,
      boolean fromStart) {
    List<Stretch> ofStudent = Stretch.of(student, studentSpelling, fromStart);
    List<Stretch> ofTeacher = Stretch.of(teacher, teacherSpelling, fromStart);
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < Math.min(ofStudent.size(), ofTeacher.size()); i++) {
      groups.addAll(groups(ofStudent.get(i), ofTeacher.get(i)));
    }
    return new Alignment(groups);
  }

  private static List<Group> groups(Stretch student, Stretch teacher) {
    Stretch ours = student;
    Stretch theirs = teacher;
    if (ours.beginsWithSpace() && !theirs.beginsWithSpace()) {
      ours = ours.withoutLeadingSpace();
    } else if (theirs.beginsWithSpace() && !ours.beginsWithSpace()) {
      theirs = theirs.withoutLeadingSpace();
    }
    if (Arrays.mismatch(ours.text(), theirs.text()) >= 0) {
      ours = ours.composed();
      theirs = theirs.composed();
    }
    List<Group> groups = overlapping(ours, theirs);
    boolean whole = Arrays.equals(ours.text(), theirs.text());
    if (whole && ours.end().isPresent() && theirs.end().isPresent()) {
      groups.add(new Group(ours.end().getAsInt(), 1, theirs.end().getAsInt(), 1));
    }
    return groups;
  }

  /// The groups of two stretches up to the first byte that differs: what is between two places
  /// where a token of both begins or ends.
  private static List<Group> overlapping(Stretch student, Stretch teacher) {
    int mismatch = Arrays.mismatch(student.text(), teacher.text());
    int shared = mismatch < 0 ? student.text().length : mismatch;
    List<Group> groups = new ArrayList<>();
    int i = 0;
    int j = 0;
    int openI = -1;
    int openJ = -1;
    while (i < student.bounds().length && j < teacher.bounds().length) {
      int ours = student.bounds()[i];
      int theirs = teacher.bounds()[j];
      if (Math.min(ours, theirs) > shared) {
        break;
      }
      if (ours == theirs && ours >= 0 && ours <= shared) {
        if (openI >= 0) {
          groups.add(
              new Group(student.first() + openI, i - openI, teacher.first() + openJ, j - openJ));
        }
        openI = i++;
        openJ = j++;
      } else if (ours < theirs) {
        i++;
      } else {
        j++;
      }
    }
    return groups;
  }
}
