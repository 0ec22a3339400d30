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
import java.util.Set;

/// Has the model say texts in other words. All other columns, a label among them, stay.
///
/// @param input column with the text, which the new one replaces
/// @param copies paraphrases of each text, a row each
/// @param original whether the text itself goes on too
/// @param instructions how to say it
/// @param sampling how answers are drawn
@Named("paraphrase")
@Doc("Says texts in other words; labels stay.")
public record ParaphraseStep(
    @Default("text") @Doc("Column with the text, which the new one replaces.") String input,
    @Default("1") @Doc("Paraphrases of each text, a row each.") int copies,
    @Default("true") @Doc("Whether the text itself goes on too.") boolean original,
    @Default("Say the text in other words, as another person would. Keep its meaning and language.")
        @Doc("How to say it, in words for the model.")
        String instructions,
    @Inline Sampling sampling)
    implements AskingStep {

  public ParaphraseStep {
    Check.notBlank("input", input);
    Check.atLeast("copies", copies, 1);
    sampling.requireDifferent("copies", copies);
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("input", input);
  }

  @Override
  public Set<String> adds() {
    return Set.of();
  }

  @Override
  public Most most(long rows) {
    return new Most(rows * copies, rows * (copies + (original ? 1 : 0)));
  }

  @Override
  public List<Inquiry> inquiries(List<DataRow> rows, long seed) {
    Prompting prompting =
        new Prompting(
            Texts.parts(instructions, "Answer with the new text alone."), sampling.several());
    return Texts.each(
        rows,
        input,
        (row, text) ->
            new Inquiry.Ask(
                prompting.requests(text, copies), readings -> kept(row, text, readings)));
  }

  private Inquiry kept(DataRow row, String text, List<Reading<String>> readings) {
    Sorted sorted =
        new Sorted(new ArrayList<>(original ? List.of(row) : List.of()), new ArrayList<>());
    for (Reading<String> reading : readings) {
      Reading<String> changed =
          reading.then(other ->
              Texts.differ(text, other)
                  ? new Reading.Clear<>(other)
                  : new Reading.Unclear<>("says the same as before"));
      sorted.add(row, changed, other -> row.madeBy("paraphrase").with(input, other));
    }
    return sorted.done();
  }
}
