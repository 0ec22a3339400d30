package dev.retort.run;

import dev.retort.data.DataRow;
import dev.retort.quality.Filter;
import dev.retort.quality.FilterContext;
import dev.retort.quality.Sifted;
import dev.retort.synthesis.AskingStep;
import dev.retort.synthesis.FilterStep;
import dev.retort.synthesis.Interview;
import dev.retort.synthesis.StepResult;
import dev.retort.synthesis.Synthesis;
import dev.retort.tensor.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Carries out the steps of a synthesis, each with the rows of the one before.
///
/// @param paying on whose account is asked
/// @param synthesis whose steps they are
/// @param teacher who is asked
/// @param filters what filters need
record GenerationSteps(
    Paying paying, Synthesis synthesis, PaidTeacher teacher, FilterContext filters) {

  /// What came of each step, in their order; at least one, as there is at least one step.
  List<StepResult> run(List<DataRow> seeds) throws IOException {
    List<StepResult> results = new ArrayList<>();
    List<DataRow> rows = seeds;
    for (int i = 0; i < synthesis.steps().size(); i++) {
      switch (synthesis.steps().get(i)) {
        case AskingStep step -> results.add(ask(i, step, rows));
        case FilterStep(List<Filter> with) -> results.addAll(filter(i, with, rows));
      }
      rows = results.getLast().sifted().kept();
    }
    return results;
  }

  private List<StepResult> filter(int step, List<Filter> with, List<DataRow> given)
      throws IOException {
    List<StepResult> results = new ArrayList<>();
    List<DataRow> rows = given;
    for (int i = 0; i < with.size(); i++) {
      String name = synthesis.name(step, i, with.get(i));
      paying.context().listener().phaseStarted(name, 0, "rows");
      Sifted sifted = with.get(i).sift(rows, filters);
      paying.context().listener().phaseEnded(name, summary(sifted));
      results.add(new StepResult(name, rows.size(), sifted));
      rows = sifted.kept();
    }
    return results;
  }

  private StepResult ask(int index, AskingStep step, List<DataRow> rows) {
    String name = synthesis.name(index);
    Interview interview =
        new Interview(
            teacher.model(), teacher.concurrency(), paying::isStopped, teacher::askInBatches);
    Interview.Outcome outcome =
        paying.asking(() ->
            interview.conduct(
                step.inquiries(rows, Seed.derive(synthesis.seed(), index)), new Waves(name)));
    Paying.requireAll(name, outcome.unanswered());
    paying.context().listener().phaseEnded(name, summary(outcome.sifted()));
    return new StepResult(name, rows.size(), outcome.sifted());
  }

  /// Shows waves of requests as phases.
  private final class Waves implements Interview.Listener {
    private final String step;

    Waves(String step) {
      this.step = step;
    }

    @Override
    public void began(int wave, int requests) {
      paying.context().listener().phaseStarted(step, requests, "requests");
    }

    @Override
    public void advanced(int done) {
      paying.context().listener().advanced(done);
    }
  }

  private static String summary(Sifted sifted) {
    return String.format(
        Locale.ROOT, "%,d rows, %,d dropped", sifted.kept().size(), sifted.dropped().size());
  }
}
