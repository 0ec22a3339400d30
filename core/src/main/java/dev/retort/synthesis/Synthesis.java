package dev.retort.synthesis;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.quality.Filter;
import dev.retort.remote.RemoteModel;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A synthesis file: which new data a model behind an API is to make, and of what.
///
/// @param name what its answers are paid under
/// @param teacher who is asked
/// @param seeds rows that the first step works on
/// @param steps what is done, each with the rows of the step before
/// @param seed of everything that is drawn
/// @param out where the rows go
public record Synthesis(
    @Doc("Name of the synthesis: letters, digits, `.`, `_` and `-`; budgets count by it.")
        String name,
    @Doc("Who is asked.") RemoteModel teacher,
    @Doc("Rows that the first step works on; only `attributed` needs none.")
        Optional<SeedSettings> seeds,
    @Doc("What is done, in this order; each step works on the rows that the one before made.")
        List<Step> steps,
    @Default("7") @Doc("Seed of everything that is drawn.") long seed,
    @Doc(
            "JSONL file for the rows, relative to the synthesis file; what was dropped and the report"
                + " lie beside it.")
        String out) {

  public Synthesis {
    steps = List.copyOf(steps);
    Check.that(
        name.matches("[\\w][\\w.-]*"),
        "name",
        "must be letters, digits, '.', '_' and '-' but is '%s'".formatted(name));
    Check.notEmpty("steps", steps);
    Check.that(out.endsWith(".jsonl"), "out", "must end in .jsonl but is '%s'".formatted(out));
    Check.that(
        seeds.isPresent() || !steps.getFirst().needsRows(),
        "seeds",
        "are missing; only `attributed` without `shown` begins with nothing");
  }

  /// The place and name of a step, such as `steps[1] judge`.
  public String name(int step) {
    return "steps[%d] %s".formatted(step, named(steps.get(step)));
  }

  /// The place and name of a filter, such as `steps[1].with[0] length`.
  public String name(int step, int filter, Filter which) {
    return "steps[%d].with[%d] %s".formatted(step, filter, named(which));
  }

  private static String named(Object settings) {
    return Objects.requireNonNull(settings.getClass().getAnnotation(Named.class)).value();
  }
}
