package dev.retort.synthesis;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Inline;
import dev.retort.catalog.Named;
import dev.retort.data.DataRow;
import dev.retort.synthesis.ReasonedForm.Reasoned;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Has the model criticise answers and revise those that need it (Bai et al. 2022, Constitutional
/// AI, arXiv 2212.08073, §3.1; Madaan et al. 2023, Self-Refine, arXiv 2303.17651). An answer
/// without faults stays as it is, and costs one request less.
///
/// @param input column with the prompt
/// @param output column with the answer, which a revised one replaces
/// @param principles what a good answer is like
/// @param rounds how often an answer is criticised at most
/// @param sampling how answers are drawn
@Named("critique")
@Doc("Criticises answers and revises those that have faults.")
public record CritiqueStep(
    @Default("prompt") @Doc("Column with the prompt.") String input,
    @Default("completion") @Doc("Column with the answer, which a revised one replaces.")
        String output,
    @Default("It is correct, complete, to the point, and safe.")
        @Doc("What a good answer is like, in words for the model.")
        String principles,
    @Default("1") @Doc("How often an answer is criticised and revised at most.") int rounds,
    @Inline Sampling sampling)
    implements AskingStep {

  /// Column that gets the answer as it was at first.
  static final String DRAFT = "draft";

  /// Column that gets the last critique.
  static final String CRITIQUE = "critique";

  private static final String FINE = "fine";
  private static final ReasonedForm FORM =
      new ReasonedForm("critique", "verdict", List.of(FINE, "revise"), false);

  public CritiqueStep {
    Check.notBlank("input", input);
    Check.notBlank("output", output);
    Check.notBlank("principles", principles);
    Check.atLeast("rounds", rounds, 1);
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("input", input, "output", output);
  }

  @Override
  public Set<String> adds() {
    return Set.of(DRAFT, CRITIQUE);
  }

  @Override
  public Most most(long rows) {
    return new Most(2 * rows * rounds, rows);
  }

  @Override
  public List<Inquiry> inquiries(List<DataRow> rows, long seed) {
    return Texts.each(
        rows,
        input,
        (row, prompt) ->
            row.text(output)
                .map(draft -> criticise(row.with(DRAFT, draft), prompt, 1))
                .orElseGet(() -> Inquiry.drop(row, "its column '%s' is empty".formatted(output))));
  }

  private Inquiry criticise(DataRow row, String prompt, int round) {
    Prompting prompting =
        new Prompting(
            Texts.parts(
                "You review answers. This is what a good answer is like: " + principles,
                "Point out what is wrong with the answer. The verdict is `fine` if it can stay as it is, else `revise`.",
                FORM.instructions()),
            sampling.one());
    String answer = row.text(output).orElseThrow();
    return Inquiry.ask(
        prompting.request(Texts.parts(Texts.part("Prompt", prompt), Texts.part("Answer", answer))),
        row,
        said ->
            switch (FORM.read(said)) {
              case Reading.Clear<Reasoned>(Reasoned(String why, String verdict)) ->
                  verdict.equals(FINE)
                      ? Inquiry.keep(row.with(CRITIQUE, why))
                      : revise(row.with(CRITIQUE, why), prompt, round);
              case Reading.Unclear<Reasoned>(String reason) -> Inquiry.drop(row, reason);
            });
  }

  private Inquiry revise(DataRow row, String prompt, int round) {
    Prompting prompting =
        new Prompting(
            Texts.parts(
                "You revise answers. This is what a good answer is like: " + principles,
                "Answer with the revised answer alone, as if the critique had never been."),
            sampling.one());
    String request =
        Texts.parts(
            Texts.part("Prompt", prompt),
            Texts.part("Answer", row.text(output).orElseThrow()),
            Texts.part("Critique", row.text(CRITIQUE).orElseThrow()));
    return Inquiry.ask(
        prompting.request(request),
        row,
        revised ->
            round < rounds
                ? criticise(row.with(output, revised), prompt, round + 1)
                : Inquiry.keep(row.with(output, revised)));
  }
}
