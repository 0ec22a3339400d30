package dev.retort.synthesis;

import static dev.retort.api.ScriptedModel.question;
import static dev.retort.synthesis.Teller.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ChatRequest;
import dev.retort.data.DataRow;
import dev.retort.quality.Sifted;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Steps that write new texts: answers, self-instruct, attributed, evolve, paraphrase.
class WritingStepsTest {

  private static final DataRow[] SEEDS =
      IntStream.range(0, 10)
          .mapToObj(i -> row("seed " + i, "prompt", "Task %d.".formatted(i)))
          .toArray(DataRow[]::new);

  @Test
  void anAnswerStandsBesideItsPrompt() throws InterruptedException {
    AnswerStep step =
        new AnswerStep("prompt", "completion", Optional.of("Be brief."), 1, Sampling.USUAL);
    Teller teller = Teller.says(request -> "To: " + question(request));

    Sifted sifted = teller.run(step, row("s:1", "prompt", "Why?"), row("s:2", "prompt", " "));

    assertThat(sifted.kept())
        .containsExactly(row("s:1", "prompt", "Why?", "completion", "To: Why?"));
    assertThat(sifted.dropped())
        .singleElement()
        .satisfies(
            dropped -> assertThat(dropped.reason()).isEqualTo("its column 'prompt' is empty"));
    assertThat(teller.asked())
        .singleElement()
        .satisfies(request -> {
          assertThat(request.turns().getFirst().text()).isEqualTo("Be brief.");
          assertThat(request.decoding().temperature()).isZero();
        });
  }

  @Test
  void severalAnswersAreRowsOfTheirOwnAndDrawn() throws InterruptedException {
    AnswerStep step = new AnswerStep("prompt", "completion", Optional.empty(), 3, Sampling.USUAL);
    Teller teller = Teller.says(request -> "No " + request.sample());

    Sifted sifted = teller.run(step, row("s:1", "prompt", "Why?"));

    assertThat(sifted.kept())
        .extracting(made -> made.text("completion").orElseThrow())
        .containsExactly("No 0", "No 1", "No 2");
    assertThat(teller.asked())
        .allSatisfy(request -> assertThat(request.decoding().temperature()).isEqualTo(1));
    assertThatThrownBy(() ->
            new AnswerStep(
                "prompt",
                "completion",
                Optional.empty(),
                3,
                new Sampling(Optional.of(0.0), Optional.empty())))
        .hasMessageStartingWith("temperature is 0, which gives the same answer 3 times");
  }

  @Test
  void selfInstructShowsAFewSeedsAndWritesAsManyTextsAsWanted() throws InterruptedException {
    SelfInstructStep step =
        new SelfInstructStep("prompt", 7, 3, 4, "More tasks.", false, Sampling.USUAL);
    Teller teller = Teller.says(_ -> "1. One.\n2. Two.\n3. Three.\n4. Four.");

    Sifted sifted = teller.run(step, SEEDS);

    assertThat(sifted.kept()).hasSize(7);
    assertThat(sifted.kept().getFirst()).isEqualTo(row("self-instruct 1", "prompt", "One."));
    assertThat(teller.asked())
        .hasSize(2)
        .allSatisfy(request -> assertThat(question(request).split("### Example")).hasSize(1 + 3));
    assertThat(teller.asked().get(1).turns().getFirst().text()).contains("a numbered list of 3");
  }

  @Test
  void whatIsDrawnDependsOnTheSeedAndTheRequestAlone() {
    assertThat(requests(few(8), 7)).startsWith(requests(few(4), 7).toArray(ChatRequest[]::new));
    assertThat(requests(few(8), 7)).isEqualTo(requests(few(8), 7));
    assertThat(requests(few(8), 7)).isNotEqualTo(requests(few(8), 8));
    assertThat(new HashSet<>(requests(few(8), 7))).hasSize(8);
  }

  @Test
  void anAnswerThatIsNoListIsDroppedWhole() throws InterruptedException {
    Sifted sifted = Teller.says(_ -> "Sure! 1. One.").run(few(1), SEEDS);

    assertThat(sifted.kept()).isEmpty();
    assertThat(sifted.dropped())
        .singleElement()
        .satisfies(dropped ->
            assertThat(dropped.reason()).isEqualTo("does not begin with '1. ': 'Sure! 1. One.'"));
  }

  @Test
  void attributedTextsHaveTheirLabelsByConstruction() throws InterruptedException {
    AttributedStep step =
        attributed(6, 0, Map.of("style", List.of("formal", "slang"), "length", List.of("short")));
    Teller teller = Teller.says(request -> "Text of " + request.sample());

    Sifted sifted = teller.run(step);

    assertThat(sifted.kept())
        .extracting(made -> made.text("label").orElseThrow())
        .containsExactly("refund", "card", "refund", "card", "refund", "card");
    assertThat(sifted.kept())
        .allSatisfy(made -> {
          assertThat(made.text("style")).get().isIn("formal", "slang");
          assertThat(made.text("length")).contains("short");
        });
    for (int i = 0; i < 6; i++) {
      DataRow made = sifted.kept().get(i);
      assertThat(question(teller.asked().get(i)))
          .contains("- label: " + made.text("label").orElseThrow())
          .contains("- style: " + made.text("style").orElseThrow());
    }
    assertThat(question(teller.asked().getFirst())).contains("refund (money back)");
  }

  @Test
  void attributedRequestsShowExamplesOfTheirLabelOnly() throws InterruptedException {
    Teller teller = Teller.says(_ -> "Text.");

    teller.run(
        attributed(2, 1, Map.of()),
        row("s:1", "text", "Where is my card?", "label", "card"),
        row("s:2", "text", "I want my money.", "label", "refund"));

    assertThat(question(teller.asked().getFirst()))
        .contains("I want my money.")
        .doesNotContain("Where is my card?");
  }

  @Test
  void everyRoundOfEvolutionIsARow() throws InterruptedException {
    EvolveStep step =
        new EvolveStep(
            "prompt", List.of(Evolution.CONSTRAIN), 2, "You rewrite prompts.", Sampling.USUAL);
    Teller teller =
        Teller.says(request ->
            question(request).contains("harder") ? "An even harder task." : "A harder task.");

    Sifted sifted = teller.run(step, SEEDS[0]);

    assertThat(sifted.kept())
        .extracting(made -> made.text("prompt").orElseThrow())
        .containsExactly("A harder task.", "An even harder task.");
    assertThat(sifted.kept().getFirst().text(EvolveStep.WAY)).contains("constrain");
    assertThat(sifted.kept().getFirst().origin()).isEqualTo("seed 0 > evolve");
  }

  @Test
  void aPromptThatStaysTheSameHasNotEvolvedButEarlierRoundsStay() throws InterruptedException {
    EvolveStep step =
        new EvolveStep("prompt", List.of(Evolution.DEEPEN), 3, "Rewrite.", Sampling.USUAL);

    Sifted sifted = Teller.says(_ -> "A deeper  task.").run(step, SEEDS[0]);

    assertThat(sifted.kept()).hasSize(1);
    assertThat(sifted.dropped())
        .singleElement()
        .satisfies(dropped -> assertThat(dropped.reason()).isEqualTo("says the same as before"));
  }

  @Test
  void paraphrasesKeepTheOtherColumns() throws InterruptedException {
    ParaphraseStep step =
        new ParaphraseStep("text", 2, true, "Say it differently.", Sampling.USUAL);
    Teller teller =
        Teller.says(request -> request.sample() == 0 ? "I lack my card." : "where IS my card?");

    Sifted sifted = teller.run(step, row("s:1", "text", "Where is my card?", "label", "card"));

    assertThat(sifted.kept())
        .containsExactly(
            row("s:1", "text", "Where is my card?", "label", "card"),
            row("s:1 > paraphrase", "text", "I lack my card.", "label", "card"));
    assertThat(sifted.dropped()).hasSize(1);
  }

  private static AttributedStep attributed(
      int count, int shown, Map<String, List<String>> attributes) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("refund", "money back");
    labels.put("card", "");
    return new AttributedStep(
        "text", "label", labels, attributes, count, shown, "Write a text.", Sampling.USUAL);
  }

  private static SelfInstructStep few(int count) {
    return new SelfInstructStep("prompt", count, 3, 1, "More.", false, Sampling.USUAL);
  }

  private static List<ChatRequest> requests(AskingStep step, long seed) {
    return step.inquiries(List.of(SEEDS), seed).stream()
        .flatMap(
            inquiry -> inquiry instanceof Inquiry.Ask ask ? ask.requests().stream() : Stream.of())
        .toList();
  }
}
