package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import java.util.List;

/// The `student:` section of a recipe.
///
/// @param from where the student's first weights come from
/// @param layers layers of that model it is made of, numbered from 0; all of them if empty
public record StudentSettings(
    @Default("teacher")
        @Doc(
            "Where the first weights come from: `teacher` (the fine-tuned teacher) or `pretrained`"
                + " (the teacher's model before fine-tuning).")
        String from,
    @Default("[]")
        @Doc("Layers of that model the student is made of, from 0; all of them if left out.")
        List<Integer> layers) {

  /// [#from] for a student cut from the fine-tuned teacher.
  public static final String TEACHER = "teacher";

  /// [#from] for a student cut from the teacher's model as it was before fine-tuning.
  public static final String PRETRAINED = "pretrained";

  public StudentSettings {
    Check.that(
        from.equals(TEACHER) || from.equals(PRETRAINED),
        "from",
        "must be 'teacher' or 'pretrained' but is '%s'".formatted(from));
    layers = List.copyOf(layers);
  }
}
