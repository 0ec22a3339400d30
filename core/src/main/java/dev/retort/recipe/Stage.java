package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.objective.RowObjective;
import dev.retort.signal.Need;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One stage of a student's training. The student's weights flow from stage to stage; tensors that
/// a stage trains along, such as projections, are dropped with it.
///
/// @param name what the report and the run's folder call it
/// @param data files of texts to learn from instead of the recipe's data
/// @param objective the losses
/// @param train how the student is trained
public record Stage(
    @Doc("What the report and the run's folder call the stage.") String name,
    @Doc(
            "Texts to learn from instead of the recipe's data: a path or glob of the same kinds of"
                + " file, or of .txt with a text a line. Labels are not read.")
        Optional<String> data,
    @Doc("The losses of this stage.") List<Term> objective,
    @Default("{}")
        @Doc("How the student is trained in this stage; what is left out is as in `train`.")
        TrainSettings train) {

  public Stage {
    Check.that(
        name.matches("[a-z0-9][a-z0-9-]*"),
        "name",
        "must be small letters, digits and '-' but is '%s'".formatted(name));
    data.ifPresent(files -> Check.notBlank("data", files));
    Check.notEmpty("objective", objective);
    objective = List.copyOf(objective);
  }

  /// What the teacher is asked for in this stage.
  public Set<Need> needs() {
    Set<Need> needs = EnumSet.noneOf(Need.class);
    objective.stream()
        .filter(Term::isFromTeacher)
        .forEach(term -> needs.addAll(term.objective().needs()));
    return needs;
  }

  /// Whether a loss of this stage trains the student's head. Where none does, a score of its
  /// answers would say nothing of the stage.
  public boolean trainsHead() {
    return objective.stream().anyMatch(term -> term.objective() instanceof RowObjective);
  }

  Stage withSeed(long seed) {
    return new Stage(name, data, objective, train.withSeed(seed));
  }
}
