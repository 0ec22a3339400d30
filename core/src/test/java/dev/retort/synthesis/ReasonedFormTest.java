package dev.retort.synthesis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.synthesis.ReasonedForm.Reasoned;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReasonedFormTest {

  private static final ReasonedForm FREE =
      new ReasonedForm("rationale", "answer", List.of(), false);
  private static final ReasonedForm CHOICE =
      new ReasonedForm("reason", "verdict", List.of("A", "B", "tie"), false);
  private static final ReasonedForm JSON =
      new ReasonedForm("reason", "score", List.of("1", "2"), true);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Two and two.\nSo four.\nAnswer: 4",
        "Two and two.\nSo four.\n\n**Answer:** 4",
        "Two and two.\nSo four.\nanswer : `4` ",
        "Two and two.\nSo four.\n### Answer: 4\n",
        "Two and two.\nSo four.\n**Answer: 4**"
      })
  void theLastLineIsTheAnswerAndWhatIsBeforeItTheRationale(String text) {
    assertThat(FREE.read(text))
        .isEqualTo(new Reading.Clear<>(new Reasoned("Two and two.\nSo four.", "4")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          So it is four.                     | does not end with a line 'Answer:'
          The answer: is it\\nfour, I think   | does not end with a line 'Answer:'
          Answer: 4                          | gives no rationale
          Because.\\nAnswer:                  | leaves 'Answer:' empty
          Because.\\nAnswer: 4\\nHope it helps | does not end with a line 'Answer:'
          """)
  void whateverElseStandsThereIsRefused(String text, String reason) {
    assertThat(FREE.read(text.replace("\\n", "\n")))
        .isInstanceOfSatisfying(
            Reading.Unclear.class, unclear -> assertThat(unclear.reason()).startsWith(reason));
  }

  @Test
  void onlyWhatIsAllowedIsAConclusionWhateverItsCase() {
    assertThat(CHOICE.read("Longer.\nVerdict: Tie."))
        .isEqualTo(new Reading.Clear<>(new Reasoned("Longer.", "tie")));
    assertThat(CHOICE.read("Longer.\nVerdict: A and B"))
        .isEqualTo(new Reading.Unclear<>("ends with 'A and B', which is not one of [A, B, tie]"));
  }

  @Test
  void jsonHasBothFieldsOrIsRefused() {
    assertThat(JSON.read("{\"reason\": \"Short.\", \"score\": 2}"))
        .isEqualTo(new Reading.Clear<>(new Reasoned("Short.", "2")));
    assertThat(JSON.read("{\"reason\": \"Short.\"}")).isInstanceOf(Reading.Unclear.class);
    assertThat(JSON.read("{\"reason\": \"Short.\", \"score\": \"3\"}"))
        .isInstanceOf(Reading.Unclear.class);
    assertThat(JSON.read("Score: 2")).isEqualTo(new Reading.Unclear<>("is no JSON: 'Score: 2'"));
  }

  @Test
  void theSchemaHoldsTheReasonFirstAndTheChoice() {
    JsonNode schema = JsonMapper.shared().readTree(JSON.schema().orElseThrow().json());

    assertThat(schema.path("properties").propertyNames()).containsExactly("reason", "score");
    assertThat(schema.at("/properties/score/enum").toString()).isEqualTo("[\"1\",\"2\"]");
    assertThat(schema.path("required").toString()).isEqualTo("[\"reason\",\"score\"]");
    assertThat(FREE.schema()).isEmpty();
  }
}
