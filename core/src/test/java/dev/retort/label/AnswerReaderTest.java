package dev.retort.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerReaderTest {
  private static final List<String> LABELS =
      List.of("card_arrival", "card_linking", "card_not_working", "card", "Refund not showing up?");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "card_arrival|0",
        "  Card_Arrival.|0",
        "\"card_arrival\"|0",
        "**card arrival**|0",
        "card-linking|1",
        "The label is card_not_working, I think.|2",
        "card|3",
        "It is `card`|3",
        "refund not showing up|4"
      })
  void readsALabelInTheWaysThatModelsSpellIt(String text, int label) {
    assertThat(read(LabelSettings.USUAL, text))
        .isInstanceOfSatisfying(
            Opinion.Heard.class,
            heard -> {
              assertThat(heard.label()).isEqualTo(label);
              assertThat(heard.probabilities()[label]).isEqualTo(1);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "either card_arrival or card_linking|names several labels",
        "card_arrival, as the card came|names several labels",
        "something else entirely|names no label",
        "discards|names no label",
        "''|no label in the form asked for"
      })
  void refusesWhatIsNotOneLabel(String text, String reason) {
    assertThat(read(LabelSettings.USUAL, text))
        .isInstanceOfSatisfying(
            Opinion.Unusable.class,
            unusable -> assertThat(unusable.reason()).startsWith(reason).contains(text));
  }

  @Test
  void refusesRefusalsAndCutAnswers() {
    assertThat(reader(LabelSettings.USUAL).read(answer("card", Finish.REFUSED)))
        .isEqualTo(new Opinion.Unusable("the model declined: 'card'"));
    assertThat(reader(rationale(false)).read(answer("The customer says", Finish.LENGTH)))
        .isEqualTo(new Opinion.Unusable("cut before a label: 'The customer says'"));
  }

  @Test
  void readsARationaleAndTheLabelAtItsEnd() {
    assertThat(
            read(rationale(false), "Label: card is wrong, since it came.\n\nLabel: card_linking\n"))
        .isInstanceOfSatisfying(
            Opinion.Heard.class,
            heard -> {
              assertThat(heard.label()).isEqualTo(1);
              assertThat(heard.rationale()).contains("Label: card is wrong, since it came.");
            });
    assertThat(read(rationale(false), "card_linking")).isInstanceOf(Opinion.Unusable.class);
  }

  @Test
  void readsJson() {
    assertThat(read(rationale(true), "{\"rationale\": \"it came\", \"label\": \"card_arrival\"}"))
        .isInstanceOfSatisfying(
            Opinion.Heard.class,
            heard -> {
              assertThat(heard.label()).isZero();
              assertThat(heard.rationale()).contains("it came");
            });
    assertThat(read(rationale(true), "{\"rationale\": \"it came\", \"lab"))
        .isInstanceOf(Opinion.Unusable.class);
    assertThat(read(rationale(true), "{\"label\": 3}")).isInstanceOf(Opinion.Unusable.class);
  }

  @Test
  void labelsThatDifferInCaseAloneAreToldApartBySpelling() {
    AnswerReader reader = new AnswerReader(List.of("Turkey", "turkey"), LabelSettings.USUAL);
    assertThat(reader.read(answer("turkey", Finish.STOP)))
        .isInstanceOfSatisfying(
            Opinion.Heard.class, heard -> assertThat(heard.label()).isEqualTo(1));
    assertThat(reader.read(answer("TURKEY", Finish.STOP))).isInstanceOf(Opinion.Unusable.class);
  }

  private static Opinion read(LabelSettings settings, String text) {
    return reader(settings).read(answer(text, Finish.STOP));
  }

  private static AnswerReader reader(LabelSettings settings) {
    return new AnswerReader(LABELS, settings);
  }

  private static LabelSettings rationale(boolean structured) {
    return new LabelSettings(
        Optional.empty(),
        Map.of(),
        0,
        false,
        1,
        Optional.empty(),
        0,
        true,
        structured,
        Optional.empty(),
        0.05);
  }

  private static ChatAnswer answer(String text, Finish finish) {
    return new ChatAnswer(text, finish, Usage.NONE, "model", "id", List.of());
  }
}
