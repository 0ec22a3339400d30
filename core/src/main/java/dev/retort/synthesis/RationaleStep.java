package dev.retort.synthesis;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Inline;
import dev.retort.catalog.Named;
import dev.retort.data.DataRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Has the model reason step by step before it answers, for students that learn from rationales as
/// well as from answers (Hsieh et al. 2023, Distilling Step-by-Step, arXiv 2305.02301).
///
/// Where the right answer is known, only rationales that lead to it are kept. Where it is not, the
/// answer is the one that most of several rationales lead to (self-consistency, Wang et al. 2023,
/// arXiv 2203.11171).
///
/// @param input column with the question
/// @param output column that gets the answer
/// @param rationale column that gets the rationale
/// @param known column with the right answer
/// @param labels what can be answered
/// @param match when two answers are the same
/// @param votes answers to each question
/// @param rationales rationales kept of each question, a row each
/// @param instructions what the task is
/// @param structured whether the answer is held to a JSON schema
/// @param sampling how answers are drawn
@Named("rationale")
@Doc("Answers each question with a rationale, and keeps those that lead to the right answer.")
public record RationaleStep(
    @Default("prompt") @Doc("Column with the question.") String input,
    @Default("answer") @Doc("Column that gets the answer.") String output,
    @Default("rationale") @Doc("Column that gets the rationale.") String rationale,
    @Doc("Column with the right answer, where it is known; may be that of `output`.")
        Optional<String> known,
    @Default("[]") @Doc("What can be answered, such as labels; anything if empty.")
        List<String> labels,
    @Default("text") @Doc("When two answers are the same: `text`, or `number` for the last number.")
        Match match,
    @Default("1") @Doc("How often each question is asked.") int votes,
    @Default("1") @Doc("Rationales kept of each question at most, a row each.") int rationales,
    @Default("Answer the question.") @Doc("What the task is, in words for the model.")
        String instructions,
    @Default("false") @Doc("Whether answers are held to a JSON schema, where the API can.")
        boolean structured,
    @Inline Sampling sampling)
    implements AskingStep {

  public RationaleStep {
    labels = List.copyOf(labels);
    Check.notBlank("input", input);
    Check.notBlank("output", output);
    Check.notBlank("rationale", rationale);
    Check.that(
        !rationale.equals(output), "rationale", "is '%s', as `output` is".formatted(rationale));
    Check.atLeast("votes", votes, 1);
    Check.within("rationales", rationales, 1, votes);
    sampling.requireDifferent("votes", votes);
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("input", input);
  }

  @Override
  public Set<String> adds() {
    return Set.of(output, rationale, RationaleVotes.AGREEMENT);
  }

  @Override
  public Most most(long rows) {
    return new Most(rows * votes, rows * rationales);
  }

  @Override
  public List<Inquiry> inquiries(List<DataRow> rows, long seed) {
    ReasonedForm form = form();
    Prompting prompting =
        new Prompting(
            Texts.parts(instructions, form.instructions()), sampling.answers(votes), form.schema());
    return Texts.each(
        rows,
        input,
        (row, text) ->
            new Inquiry.Ask(
                prompting.requests(text, votes),
                readings ->
                    new RationaleVotes(this, row)
                        .count(readings.stream().map(said -> said.then(form::read)).toList())));
  }

  private ReasonedForm form() {
    return new ReasonedForm("rationale", "answer", labels, structured);
  }
}
