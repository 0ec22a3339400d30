package dev.retort.synthesis;

import static dev.retort.api.ScriptedModel.question;
import static dev.retort.synthesis.Teller.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.api.ChatRequest;
import dev.retort.data.DataRow;
import dev.retort.quality.Dropped;
import dev.retort.quality.Sifted;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Steps whose answers are reasoned: rationales, judges, critiques, preferences.
class JudgingStepsTest {

  private static final DataRow ANSWERED =
      row("s:1", "prompt", "What is 6 x 7?", "completion", "41");

  @Test
  void ofSeveralRationalesOneOfTheMajorityIsKept() throws InterruptedException {
    Teller teller =
        Teller.says(request ->
            "Way %d.\nAnswer: %s"
                .formatted(request.sample(), List.of("41", "42", "42.0").get(request.sample())));

    Sifted sifted = teller.run(rationale(Optional.empty(), 3), row("s:1", "prompt", "6 x 7?"));

    assertThat(sifted.kept())
        .singleElement()
        .satisfies(kept -> {
          assertThat(kept.text("rationale")).contains("Way 1.");
          assertThat(kept.text("answer")).contains("42");
          assertThat(Double.parseDouble(kept.text("agreement").orElseThrow())).isEqualTo(2.0 / 3);
        });
    assertThat(reasons(sifted))
        .containsExactly("its answer '41' is not what most votes say: 1 × '41', 2 × '42'");
  }

  @Test
  void aTieIsNoMajority() throws InterruptedException {
    Sifted sifted =
        Teller.says(request -> "So.\nAnswer: " + request.sample())
            .run(rationale(Optional.empty(), 2), row("s:1", "prompt", "6 x 7?"));

    assertThat(sifted.kept()).isEmpty();
    assertThat(sifted.dropped()).hasSize(2);
  }

  @Test
  void theKnownAnswerOutvotesEveryMajority() throws InterruptedException {
    Teller teller =
        Teller.says(request -> "So.\nAnswer: " + (request.sample() == 2 ? "$42" : "41"));

    Sifted sifted =
        teller.run(
            rationale(Optional.of("solution"), 3),
            row("s:1", "prompt", "6 x 7?", "solution", "It is #### 42"));

    assertThat(sifted.kept())
        .singleElement()
        .satisfies(kept -> assertThat(kept.text("answer")).contains("$42"));
    assertThat(reasons(sifted))
        .hasSize(2)
        .containsOnly("its answer '41' is not the known answer 'It is #### 42'");
  }

  @Test
  void anAnswerWithoutTheFormIsNoVote() throws InterruptedException {
    Sifted sifted =
        Teller.says(_ -> "It is 42.").run(rationale(Optional.empty(), 1), row("s", "prompt", "?"));

    assertThat(sifted.kept()).isEmpty();
    assertThat(reasons(sifted)).containsExactly("does not end with a line 'Answer:': 'It is 42.'");
  }

  @ParameterizedTest
  @CsvSource({"8,8,true", "8,6,true", "8,5,false"})
  void theMeanScoreDecides(String first, String second, boolean kept) throws InterruptedException {
    JudgeStep step =
        new JudgeStep("prompt", "completion", "Right.", Optional.of(7.0), 2, false, Sampling.USUAL);
    Teller teller =
        Teller.says(request -> "Fine.\nScore: " + (request.sample() == 0 ? first : second));

    Sifted sifted = teller.run(step, ANSWERED);

    assertThat(sifted.kept()).hasSize(kept ? 1 : 0);
    assertThat(kept ? List.of() : reasons(sifted))
        .isEqualTo(kept ? List.of() : List.of("its score is 6.5, below 7.0"));
  }

  @Test
  void aScoreOutsideTheScaleIsNone() throws InterruptedException {
    JudgeStep step =
        new JudgeStep("prompt", "completion", "Right.", Optional.empty(), 1, false, Sampling.USUAL);

    assertThat(reasons(Teller.says(_ -> "Wow.\nScore: 11").run(step, ANSWERED)))
        .containsExactly("ends with '11', which is not one of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]");
  }

  @Test
  void whatIsFoundFaultWithIsRevised() throws InterruptedException {
    Teller teller =
        Teller.says(request ->
            instructions(request).startsWith("You revise")
                ? "42"
                : question(request).contains("41")
                    ? "Wrong.\nVerdict: revise"
                    : "Ok.\nVerdict: fine");

    Sifted sifted =
        teller.run(
            new CritiqueStep("prompt", "completion", "It is right.", 2, Sampling.USUAL), ANSWERED);

    assertThat(sifted.kept())
        .containsExactly(
            row(
                "s:1",
                "prompt",
                "What is 6 x 7?",
                "completion",
                "42",
                "draft",
                "41",
                "critique",
                "Ok."));
    assertThat(teller.asked()).hasSize(3);
  }

  @Test
  void whatIsFineCostsOneRequest() throws InterruptedException {
    Teller teller = Teller.says(_ -> "Nothing to add.\nVerdict: fine");

    Sifted sifted =
        teller.run(
            new CritiqueStep("prompt", "completion", "It is right.", 2, Sampling.USUAL), ANSWERED);

    assertThat(sifted.kept())
        .singleElement()
        .satisfies(kept -> assertThat(kept.text("completion")).contains("41"));
    assertThat(teller.asked()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"A,B,one", "B,A,two", "A,A,-", "B,B,-", "tie,tie,-", "A,tie,-"})
  void onlyAVerdictThatHoldsInBothOrdersIsAPreference(
      String straight, String swapped, String chosen) throws InterruptedException {
    Teller teller =
        Teller.says(request -> {
          if (!instructions(request).startsWith("You compare")) {
            return request.sample() == 0 ? "one" : "two";
          }
          boolean first = question(request).indexOf("one") < question(request).indexOf("two");
          return "Look.\nVerdict: " + (first ? straight : swapped);
        });

    Sifted sifted = teller.run(preference(), row("s:1", "prompt", "Count."));

    if (chosen == null) {
      assertThat(reasons(sifted)).singleElement().asString().endsWith("a tie");
      assertThat(sifted.kept()).isEmpty();
    } else {
      assertThat(sifted.kept())
          .singleElement()
          .satisfies(kept -> {
            assertThat(kept.text("chosen")).contains(chosen);
            assertThat(kept.text("rejected")).contains(chosen.equals("one") ? "two" : "one");
            assertThat(kept.text("prompt")).contains("Count.");
          });
    }
  }

  @Test
  void equalAnswersAreNotJudged() throws InterruptedException {
    Teller teller = Teller.says(_ -> "one");

    assertThat(reasons(teller.run(preference(), row("s:1", "prompt", "Count."))))
        .containsExactly("both answers say the same");
    assertThat(teller.asked()).hasSize(2);
  }

  private static String instructions(ChatRequest request) {
    return request.turns().getFirst().text();
  }

  private static List<String> reasons(Sifted sifted) {
    return sifted.dropped().stream().map(Dropped::reason).toList();
  }

  private static PreferenceStep preference() {
    return new PreferenceStep(
        "prompt", Optional.empty(), "Better is righter.", false, Sampling.USUAL);
  }

  private static RationaleStep rationale(Optional<String> known, int votes) {
    return new RationaleStep(
        "prompt",
        "answer",
        "rationale",
        known,
        List.of(),
        Match.NUMBER,
        votes,
        1,
        "Solve it.",
        false,
        Sampling.USUAL);
  }
}
