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

  /// A table of one vector for each token, distilled from the teacher's model.
  ///
  /// @param taught whether from the teacher as it teaches, or as it was before fine-tuning
  record Static(boolean taught) implements StudentOrigin {
    @Override
    public String toString() {
      return "static";
    }
  }

  /// Another pre-trained model, with a tokenizer of its own.
  ///
  /// @param address as that of a teacher; a folder with a slash in it, to tell it from a name
  record Model(String address) implements StudentOrigin {
    @Override
    public String toString() {
      return address;
    }
  }

  /// The origin of this name in a recipe, or the model at this address.
  ///
  /// @throws IllegalArgumentException if it is neither
  static StudentOrigin parse(String text) {
    return switch (text) {
      case "teacher" -> new Teacher();
      case "pretrained" -> new Pretrained();
      case "scratch" -> new Scratch();
      case "static" -> new Static(true);
      default -> {
        if (text.chars().noneMatch(letter -> letter == ':' || letter == '/' || letter == '\\')) {
          throw new IllegalArgumentException(
              "must be 'teacher', 'pretrained', 'scratch', 'static' or the address of a model (maven:…, hf:…, or a folder such as ./model) but is '%s'"
                  .formatted(text));
        }
        yield new Model(text);
      }
    };
  }

  /// Where a student of this origin would begin if nobody had taught its teacher: the fair
  /// beginning of a baseline.
  default StudentOrigin withoutTeacher() {
    return switch (this) {
      case Teacher _ -> new Pretrained();
      case Static _ -> new Static(false);
      case Pretrained _, Scratch _, Model _ -> this;
    };
  }
}
