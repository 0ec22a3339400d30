package dev.retort.synthesis;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Inline;
import dev.retort.catalog.Named;
import dev.retort.data.DataRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Has the model answer each row's prompt: completions for a student's supervised fine-tuning.
///
/// @param input column with the prompt
/// @param output column that gets the answer
/// @param instructions what the model is told before each prompt
/// @param answers answers to each prompt, a row each
/// @param sampling how they are drawn
@Named("answer")
@Doc("Answers each prompt.")
public record AnswerStep(
    @Default("prompt") @Doc("Column with the prompt.") String input,
    @Default("completion") @Doc("Column that gets the answer.") String output,
    @Doc("What the model is told before each prompt, as the system's turn; nothing if left out.")
        Optional<String> instructions,
    @Default("1") @Doc("Answers to each prompt, a row each.") int answers,
    @Inline Sampling sampling)
    implements AskingStep {

  public AnswerStep {
    Check.notBlank("input", input);
    Check.notBlank("output", output);
    Check.atLeast("answers", answers, 1);
    sampling.requireDifferent("answers", answers);
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("input", input);
  }

  @Override
  public Set<String> adds() {
    return Set.of(output);
  }

  @Override
  public Most most(long rows) {
    return new Most(rows * answers, rows * answers);
  }

  @Override
  public List<Inquiry> inquiries(List<DataRow> rows, long seed) {
    Prompting prompting = new Prompting(instructions.orElse(""), sampling.answers(answers));
    return Texts.each(
        rows,
        input,
        (row, text) ->
            new Inquiry.Ask(prompting.requests(text, answers), readings -> kept(row, readings)));
  }

  private Inquiry kept(DataRow row, List<Reading<String>> readings) {
    Sorted sorted = new Sorted(new ArrayList<>(), new ArrayList<>());
    for (Reading<String> reading : readings) {
      sorted.add(row, reading, text -> row.with(output, text));
    }
    return sorted.done();
  }
}
