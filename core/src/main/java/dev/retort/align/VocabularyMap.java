package dev.retort.align;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/// Which tokens of two vocabularies are the same: those that spell exactly the same bytes, special
/// tokens of the same name, and the first tokens that end a text.
///
/// @param teacherOf the teacher's token for each id of the student, −1 where there is none
/// @param teacherSize how many tokens the teacher decides between
@SuppressWarnings("ArrayRecordComponent") // tensors are made from it as it is
public record VocabularyMap(int[] teacherOf, int teacherSize) {

  /// @throws IllegalArgumentException if a token of the teacher is that of several
  public VocabularyMap {
    int[] used = Arrays.stream(teacherOf).filter(id -> id >= 0).sorted().toArray();
    for (int i = 0; i < used.length; i++) {
      if (used[i] >= teacherSize || (i > 0 && used[i] == used[i - 1])) {
        throw new IllegalArgumentException(
            "token %d of %d of the teacher cannot be that of the student"
                .formatted(used[i], teacherSize));
      }
    }
  }

  /// The map between the vocabularies of two models.
  ///
  /// @param studentSize how many tokens the student decides between, with such as are never used
  /// @param teacherSize how many the teacher decides between
  public static VocabularyMap of(
      TokenSpelling student, int studentSize, TokenSpelling teacher, int teacherSize) {
    int[] teacherOf = new int[studentSize];
    Arrays.fill(teacherOf, -1);
    Map<String, Integer> theirs = teacher.bytes().bySpelling();
    student
        .bytes()
        .bySpelling()
        .forEach((spelt, id) -> {
          int other = theirs.getOrDefault(spelt, -1);
          if (id < studentSize && other < teacherSize) {
            teacherOf[id] = other;
          }
        });
    student
        .endId()
        .ifPresent(end ->
            teacher
                .endId()
                .ifPresent(other -> {
                  for (int id = 0; id < studentSize; id++) {
                    if (teacherOf[id] == other) {
                      teacherOf[id] = -1;
                    }
                  }
                  teacherOf[end] = other;
                }));
    return new VocabularyMap(teacherOf, teacherSize);
  }

  /// The map of two models that share a vocabulary of this size.
  public static VocabularyMap same(int size) {
    return new VocabularyMap(IntStream.range(0, size).toArray(), size);
  }

  /// How many tokens are the same.
  public int mapped() {
    return Math.toIntExact(Arrays.stream(teacherOf).filter(id -> id >= 0).count());
  }

  /// The student's tokens that the teacher has not, ascending.
  public long[] unmappedOfStudent() {
    return IntStream.range(0, teacherOf.length)
        .filter(id -> teacherOf[id] < 0)
        .asLongStream()
        .toArray();
  }

  /// The teacher's tokens that the student has not, ascending.
  public long[] unmappedOfTeacher() {
    boolean[] mapped = new boolean[teacherSize];
    Arrays.stream(teacherOf).filter(id -> id >= 0).forEach(id -> mapped[id] = true);
    return IntStream.range(0, teacherSize).filter(id -> !mapped[id]).asLongStream().toArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VocabularyMap that
        && Arrays.equals(teacherOf, that.teacherOf)
        && teacherSize == that.teacherSize;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(teacherOf) + teacherSize;
  }

  @Override
  public String toString() {
    return "VocabularyMap[%d of %d tokens are among %d]"
        .formatted(mapped(), teacherOf.length, teacherSize);
  }
}
