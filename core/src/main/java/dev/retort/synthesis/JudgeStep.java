package dev.retort.synthesis;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Inline;
import dev.retort.catalog.Named;
import dev.retort.data.DataRow;
import dev.retort.synthesis.ReasonedForm.Reasoned;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.node.DoubleNode;

/// Has the model score answers from 1 to 10 by a rubric (Zheng et al. 2023, Judging LLM-as-a-Judge,
/// arXiv 2306.05685, single answer grading).
///
/// @param input column with the prompt
/// @param output column with the answer
/// @param rubric what a good answer is like
/// @param atLeast mean score below which a row is dropped
/// @param votes how often each answer is scored; the mean counts
/// @param structured whether scores are held to a JSON schema
/// @param sampling how scores are drawn
@Named("judge")
@Doc("Scores answers from 1 to 10, with a reason, and drops those below a bar.")
public record JudgeStep(
    @Default("prompt") @Doc("Column with the prompt.") String input,
    @Default("completion") @Doc("Column with the answer.") String output,
    @Default("A good answer is correct, complete, to the point, and safe.")
        @Doc("What a good answer is like, in words for the model.")
        String rubric,
    @Doc("Mean score below which a row is dropped; none is if left out.") Optional<Double> atLeast,
    @Default("1") @Doc("How often each answer is scored; the mean counts.") int votes,
    @Default("false") @Doc("Whether scores are held to a JSON schema, where the API can.")
        boolean structured,
    @Inline Sampling sampling)
    implements AskingStep {

  /// Column that gets the mean score.
  static final String SCORE = "score";

  /// Column that gets the reason of the first score.
  static final String REASON = "reason";

  private static final int BEST = 10;

  public JudgeStep {
    Check.notBlank("input", input);
    Check.notBlank("output", output);
    Check.notBlank("rubric", rubric);
    atLeast.ifPresent(bar -> Check.within("atLeast", bar, 1, BEST));
    Check.atLeast("votes", votes, 1);
    sampling.requireDifferent("votes", votes);
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("input", input, "output", output);
  }

  @Override
  public Set<String> adds() {
    return Set.of(SCORE, REASON);
  }

  @Override
  public Most most(long rows) {
    return new Most(rows * votes, rows);
  }

  @Override
  public List<Inquiry> inquiries(List<DataRow> rows, long seed) {
    List<String> scores = IntStream.rangeClosed(1, BEST).mapToObj(String::valueOf).toList();
    ReasonedForm form = new ReasonedForm(REASON, SCORE, scores, structured);
    Prompting prompting =
        new Prompting(
            Texts.parts(
                "You score answers from 1, useless, to 10, perfect.", rubric, form.instructions()),
            sampling.answers(votes),
            form.schema());
    return Texts.each(
        rows,
        input,
        (row, prompt) ->
            row.text(output)
                .<Inquiry>map(answer ->
                    new Inquiry.Ask(
                        prompting.requests(
                            Texts.parts(Texts.part("Prompt", prompt), Texts.part("Answer", answer)),
                            votes),
                        readings ->
                            scored(
                                row,
                                readings.stream().map(said -> said.then(form::read)).toList())))
                .orElseGet(() -> Inquiry.drop(row, "its column '%s' is empty".formatted(output))));
  }

  private Inquiry scored(DataRow row, List<Reading<Reasoned>> readings) {
    List<Reasoned> clear = new ArrayList<>();
    List<String> unclear = new ArrayList<>();
    for (Reading<Reasoned> reading : readings) {
      switch (reading) {
        case Reading.Clear<Reasoned>(Reasoned said) -> clear.add(said);
        case Reading.Unclear<Reasoned>(String reason) -> unclear.add(reason);
      }
    }
    if (clear.isEmpty()) {
      return Inquiry.drop(row, unclear.getFirst());
    }
    double mean =
        clear.stream()
            .mapToInt(said -> Integer.parseInt(said.conclusion()))
            .average()
            .orElseThrow();
    DataRow judged =
        row.with(SCORE, DoubleNode.valueOf(mean)).with(REASON, clear.getFirst().reason());
    return atLeast.filter(bar -> mean < bar).isPresent()
        ? Inquiry.drop(judged, "its score is %s, below %s".formatted(mean, atLeast.get()))
        : Inquiry.keep(judged);
  }
}
