package dev.retort.synthesis;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Inline;
import dev.retort.catalog.Named;
import dev.retort.data.DataRow;
import dev.retort.quality.Dropped;
import dev.retort.quality.Sifted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Has the model make prompts more demanding, one way at a time (Xu et al. 2023, WizardLM, arXiv
/// 2304.12244). What every round writes becomes a row; the row it was made of does not go on.
///
/// @param input column with the prompt, which the new one replaces
/// @param ways of which one is drawn for each round
/// @param rounds how often each prompt is evolved, each time what the round before wrote
/// @param instructions what kind of prompts they are
/// @param sampling how answers are drawn
@Named("evolve")
@Doc("Makes prompts deeper, more concrete or harder, round by round.")
public record EvolveStep(
    @Default("prompt") @Doc("Column with the prompt, which the new one replaces.") String input,
    @Default("[deepen, concrete, constrain, reason]")
        @Doc("Ways to evolve, of which one is drawn for each round.")
        List<Evolution> ways,
    @Default("1") @Doc("How often each prompt is evolved; each round makes a row.") int rounds,
    @Default("You rewrite prompts for a language model. Keep the language of the prompt.")
        @Doc("What kind of prompts they are, in words for the model.")
        String instructions,
    @Inline Sampling sampling)
    implements AskingStep {

  /// Column that says how a prompt was evolved.
  static final String WAY = "evolution";

  public EvolveStep {
    ways = List.copyOf(ways);
    Check.notBlank("input", input);
    Check.notEmpty("ways", ways);
    Check.atLeast("rounds", rounds, 1);
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("input", input);
  }

  @Override
  public Set<String> adds() {
    return Set.of(WAY);
  }

  @Override
  public Most most(long rows) {
    return new Most(rows * rounds, rows * rounds);
  }

  @Override
  public List<Inquiry> inquiries(List<DataRow> rows, long seed) {
    List<Inquiry> inquiries = new ArrayList<>();
    for (DataRow row : rows) {
      Draw draw = new Draw(seed, inquiries.size());
      List<Evolution> drawn = Stream.generate(() -> draw.one(ways)).limit(rounds).toList();
      inquiries.addAll(
          Texts.each(List.of(row), input, (one, _) -> round(one, drawn, List.of(), draw.sample())));
    }
    return inquiries;
  }

  /// One round and those after it. What earlier rounds wrote is kept, whatever becomes of this one.
  ///
  /// @param drawn how the prompt is evolved in this round and those after it
  private Inquiry round(DataRow row, List<Evolution> drawn, List<DataRow> made, int sample) {
    if (drawn.isEmpty()) {
      return Inquiry.keep(made);
    }
    Evolution way = drawn.getFirst();
    String before = row.text(input).orElseThrow();
    return new Inquiry.Ask(
        List.of(prompting(way).request(Texts.part("Prompt", before)).withSample(sample)),
        readings ->
            switch (readings.getFirst().then(text -> changed(before, text))) {
              case Reading.Clear<String>(String text) -> {
                DataRow evolved = evolved(row, text, way);
                List<DataRow> all = Stream.concat(made.stream(), Stream.of(evolved)).toList();
                yield round(evolved, drawn.subList(1, drawn.size()), all, sample);
              }
              case Reading.Unclear<String>(String reason) ->
                  new Inquiry.Done(new Sifted(made, List.of(new Dropped(row, reason))));
            });
  }

  private Prompting prompting(Evolution way) {
    return new Prompting(
        Texts.parts(
            instructions,
            way.instruction(),
            "Answer with the new prompt alone: no heading, no comment, and no answer to it."),
        sampling.several());
  }

  private static Reading<String> changed(String before, String after) {
    return Texts.differ(before, after)
        ? new Reading.Clear<>(after)
        : new Reading.Unclear<>("says the same as before");
  }

  private DataRow evolved(DataRow row, String text, Evolution way) {
    return row.madeBy("evolve").with(input, text).with(WAY, way.fileName());
  }
}
