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
import java.util.Optional;
import java.util.Set;

/// Has the model write two answers to each prompt and say which is better: pairs for `data.rows:
/// preferences`.
///
/// The judge sees the pair in both orders, since models prefer a place (Zheng et al. 2023, arXiv
/// 2306.05685, §3.4). Only if it prefers the same answer both times is that one `chosen` and the
/// other `rejected`; everything else is a tie, which is dropped.
///
/// @param input column with the prompt
/// @param instructions what the model is told before each prompt
/// @param rubric what a better answer is like
/// @param structured whether verdicts are held to a JSON schema
/// @param sampling how the two answers are drawn
@Named("preference")
@Doc("Writes two answers to each prompt and judges which is better: rows for preferences.")
public record PreferenceStep(
    @Default("prompt") @Doc("Column with the prompt.") String input,
    @Doc("What the model is told before each prompt, as the system's turn; nothing if left out.")
        Optional<String> instructions,
    @Default("The better answer is more correct, complete, to the point, and safe.")
        @Doc("What a better answer is like, in words for the model.")
        String rubric,
    @Default("false") @Doc("Whether verdicts are held to a JSON schema, where the API can.")
        boolean structured,
    @Inline Sampling sampling)
    implements AskingStep {

  private static final String PROMPT = "prompt";
  private static final String CHOSEN = "chosen";
  private static final String REJECTED = "rejected";
  private static final String REASON = "reason";
  private static final String FIRST = "A";
  private static final String SECOND = "B";

  public PreferenceStep {
    Check.notBlank("input", input);
    Check.notBlank("rubric", rubric);
    sampling.requireDifferent("use: preference", 2);
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("input", input);
  }

  @Override
  public Set<String> adds() {
    return Set.of(PROMPT, CHOSEN, REJECTED, REASON);
  }

  @Override
  public Most most(long rows) {
    return new Most(4 * rows, rows);
  }

  @Override
  public List<Inquiry> inquiries(List<DataRow> rows, long seed) {
    Prompting prompting = new Prompting(instructions.orElse(""), sampling.several());
    return Texts.each(
        rows,
        input,
        (row, prompt) ->
            new Inquiry.Ask(
                prompting.requests(prompt, 2),
                readings -> answered(row, prompt, readings.getFirst(), readings.getLast())));
  }

  private Inquiry answered(DataRow row, String prompt, Reading<String> one, Reading<String> other) {
    return switch (one) {
      case Reading.Unclear<String>(String reason) -> Inquiry.drop(row, reason);
      case Reading.Clear<String>(String first) ->
          switch (other) {
            case Reading.Unclear<String>(String reason) -> Inquiry.drop(row, reason);
            case Reading.Clear<String>(String second) ->
                Texts.differ(first, second)
                    ? judge(row.with(PROMPT, prompt), first, second)
                    : Inquiry.drop(row, "both answers say the same");
          };
    };
  }

  private Inquiry judge(DataRow row, String first, String second) {
    ReasonedForm form =
        new ReasonedForm(REASON, "verdict", List.of(FIRST, SECOND, "tie"), structured);
    Prompting prompting =
        new Prompting(
            Texts.parts(
                "You compare two answers, A and B. Their order means nothing, nor does their length.",
                rubric,
                "The verdict is A or B for the better one, or tie if neither is.",
                form.instructions()),
            Sampling.USUAL.one(),
            form.schema());
    String prompt = row.text(PROMPT).orElseThrow();
    return new Inquiry.Ask(
        List.of(
            prompting.request(pair(prompt, first, second)),
            prompting.request(pair(prompt, second, first))),
        readings ->
            switch (readings.getFirst().then(form::read)) {
              case Reading.Unclear<Reasoned>(String reason) -> Inquiry.drop(row, reason);
              case Reading.Clear<Reasoned>(Reasoned straight) ->
                  switch (readings.getLast().then(form::read)) {
                    case Reading.Unclear<Reasoned>(String reason) -> Inquiry.drop(row, reason);
                    case Reading.Clear<Reasoned>(Reasoned swapped) ->
                        judged(row.with(CHOSEN, first).with(REJECTED, second), straight, swapped);
                  };
            });
  }

  /// @param row with the first answer as the chosen one
  private static Inquiry judged(DataRow row, Reasoned straight, Reasoned swapped) {
    String verdicts = straight.conclusion() + swapped.conclusion();
    DataRow reasoned = row.with(REASON, straight.reason());
    return switch (verdicts) {
      case FIRST + SECOND -> Inquiry.keep(reasoned);
      case SECOND + FIRST ->
          Inquiry.keep(
              reasoned
                  .with(CHOSEN, row.text(REJECTED).orElseThrow())
                  .with(REJECTED, row.text(CHOSEN).orElseThrow()));
      default ->
          Inquiry.drop(
              reasoned,
              "the verdicts are '%s', and '%s' in the other order: a tie"
                  .formatted(straight.conclusion(), swapped.conclusion()));
    };
  }

  private static String pair(String prompt, String first, String second) {
    return Texts.parts(
        Texts.part("Prompt", prompt),
        Texts.part("Answer " + FIRST, first),
        Texts.part("Answer " + SECOND, second));
  }
}
