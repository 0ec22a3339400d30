package dev.retort.align;

/// Tokens of two models that cover the same bytes of a text, as few as possible.
///
/// @param student the first of the student's tokens, as a place in its sequence
/// @param studentTokens how many they are, at least one
/// @param teacher the first of the teacher's tokens, as a place in its sequence
/// @param teacherTokens how many they are, at least one
public record Group(int student, int studentTokens, int teacher, int teacherTokens) {

  public Group {
    if (studentTokens < 1 || teacherTokens < 1) {
      throw new IllegalArgumentException(
          "%d tokens of the student and %d of the teacher; a group has some of both"
              .formatted(studentTokens, teacherTokens));
    }
  }
}
