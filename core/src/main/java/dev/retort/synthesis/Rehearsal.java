package dev.retort.synthesis;

import dev.retort.api.ChatRequest;
import dev.retort.data.DataRow;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Estimate;
import dev.retort.ledger.Ledger;
import dev.retort.quality.Filter;
import dev.retort.quality.FilterContext;
import dev.retort.remote.RemoteModel;
import dev.retort.tensor.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Goes through a synthesis with the answers of a ledger alone, to see what is missing.
///
/// @param synthesis what is to be done
/// @param ledger with what was answered
/// @param filters what filters need
public record Rehearsal(Synthesis synthesis, Ledger ledger, FilterContext filters) {

  /// The rows that a step is given: known, or only how many there are at most.
  private record Given(Optional<List<DataRow>> rows, long most) {
    static Given known(List<DataRow> rows) {
      return new Given(Optional.of(rows), rows.size());
    }
  }

  /// How far a step can be carried on.
  private record Carried(List<Inquiry> inquiries, List<ChatRequest> requests, boolean open) {}

  /// What each step that asks would cost.
  ///
  /// @throws IOException if a filter cannot read its files
  public List<StepEstimate> estimate(List<DataRow> seeds) throws IOException {
    List<StepEstimate> estimates = new ArrayList<>();
    Given given = Given.known(seeds);
    for (int i = 0; i < synthesis.steps().size(); i++) {
      switch (synthesis.steps().get(i)) {
        case FilterStep(List<Filter> with) -> given = filtered(given, with);
        case AskingStep step -> {
          long seed = Seed.derive(synthesis.seed(), i);
          Carried carried = carry(given.rows().map(rows -> step.inquiries(rows, seed)));
          AskingStep.Most most = step.most(given.most());
          estimates.add(estimate(synthesis.name(i), carried, most, step.sampling().limit()));
          given =
              carried.open() || given.rows().isEmpty()
                  ? new Given(Optional.empty(), most.rows())
                  : Given.known(Interview.ends(carried.inquiries()).kept());
        }
      }
    }
    return estimates;
  }

  private Given filtered(Given given, List<Filter> with) throws IOException {
    if (given.rows().isEmpty()) {
      return given;
    }
    List<DataRow> rows = given.rows().get();
    for (Filter filter : with) {
      rows = filter.sift(rows, filters).kept();
    }
    return Given.known(rows);
  }

  private Carried carry(Optional<List<Inquiry>> begun) {
    List<Inquiry> inquiries = new ArrayList<>();
    List<ChatRequest> requests = new ArrayList<>();
    boolean open = false;
    for (Inquiry first : begun.orElse(List.of())) {
      Inquiry inquiry = first;
      Optional<Inquiry> next = Optional.of(first);
      while (next.isPresent()) {
        inquiry = next.get();
        requests.addAll(Interview.requests(inquiry));
        next = carryOn(inquiry);
      }
      inquiries.add(inquiry);
      open |= inquiry instanceof Inquiry.Ask;
    }
    return new Carried(inquiries, requests, open);
  }

  /// The inquiry with the answers of the ledger, if it has them all.
  private Optional<Inquiry> carryOn(Inquiry inquiry) {
    if (!(inquiry instanceof Inquiry.Ask ask)) {
      return Optional.empty();
    }
    List<Reading<String>> readings = new ArrayList<>();
    for (ChatRequest request : ask.requests()) {
      synthesis.teacher().known(request, ledger).map(Interview::text).ifPresent(readings::add);
    }
    return readings.size() == ask.requests().size()
        ? Optional.of(ask.then().apply(readings))
        : Optional.empty();
  }

  private StepEstimate estimate(String step, Carried carried, AskingStep.Most most, int maxTokens) {
    RemoteModel teacher = synthesis.teacher();
    Estimate known = teacher.estimate(carried.requests().stream(), ledger);
    boolean ended = !carried.open() && !carried.inquiries().isEmpty();
    long further = ended ? 0 : Math.max(0, most.requests() - carried.requests().size());
    Dollars output = teacher.price().atMost(0, Math.multiplyExact(further, (long) maxTokens));
    return new StepEstimate(step, known, further, output);
  }
}
