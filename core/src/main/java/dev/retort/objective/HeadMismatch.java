package dev.retort.objective;

import java.util.List;

/// What to do where teacher and student have different numbers of attention heads.
public enum HeadMismatch {
  /// Refuse before anything is trained.
  REFUSE,
  /// Compare the mean over all heads of each side.
  AVERAGE;

  List<String> problems(ModelShape teacher, ModelShape student) {
    return this == REFUSE && teacher.heads() != student.heads()
        ? List.of(
            "the teacher has %d attention heads and the student %d; `heads: average` compares their means"
                .formatted(teacher.heads(), student.heads()))
        : List.of();
  }
}
