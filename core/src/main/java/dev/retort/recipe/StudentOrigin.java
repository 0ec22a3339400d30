package dev.retort.recipe;

/// Where a student's first weights come from.
public sealed interface StudentOrigin {

  /// The teacher as it teaches: after fine-tuning, if it has any.
  record Teacher() implements StudentOrigin {
    @Override
    public String toString() {
      return "teacher";
    }
  }

  /// The teacher's model as it was before fine-tuning.
  record Pretrained() implements StudentOrigin {
    @Override
    public String toString() {
      return "pretrained";
    }
  }

  /// Random numbers.
  record Scratch() implements StudentOrigin {
    @Override
    public String toString() {
      return "scratch";
    }
  }

  /// The origin of this name in a recipe.
  ///
  /// @throws IllegalArgumentException if there is none
  static StudentOrigin parse(String text) {
    return switch (text) {
      case "teacher" -> new Teacher();
      case "pretrained" -> new Pretrained();
      case "scratch" -> new Scratch();
      default ->
          throw new IllegalArgumentException(
              "must be 'teacher', 'pretrained' or 'scratch' but is '%s'".formatted(text));
    };
  }

  /// Where a student of this origin would begin if nobody had taught its teacher: the fair
  /// beginning of a baseline.
  default StudentOrigin withoutTeacher() {
    return this instanceof Teacher ? new Pretrained() : this;
  }
}
