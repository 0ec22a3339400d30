package dev.retort.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.data.DataRow;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.DoubleNode;

class RowFilterTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "I'm sorry, but I can't help with that.",
        "I’m sorry, I cannot do this.",
        "Sorry, I am unable to assist.",
        "I cannot provide instructions for that.",
        "Unfortunately, I can't create such a text.",
        "As an AI language model, I have no card.",
        "As a large language model I have no feelings.",
        "I'm just an AI, so I do not know.",
        "I apologize, but I would rather not.",
        "I must respectfully decline."
      })
  void refusalsAreFound(String text) {
    assertThat(new Refusals("text", List.of()).fault(row(text)))
        .get()
        .asString()
        .startsWith("text is a refusal: '");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "I cannot log in to my account.",
        "I can't find my card, sorry!",
        "Sorry, where is my card?",
        "I am sorry to bother you, but my card is lost.",
        "We use it as an airbag.",
        "Is this bank an AI company? I cannot help wondering."
      })
  void whatPeopleWriteIsNoRefusal(String text) {
    assertThat(new Refusals("text", List.of()).fault(row(text))).isEmpty();
  }

  @Test
  void patternsOfOnesOwnCountToo() {
    assertThat(
            new Refusals("text", List.of("^das kann ich nicht"))
                .fault(row("Das kann ich nicht sagen.")))
        .contains("text is a refusal: 'Das kann ich nicht'");
    assertThatThrownBy(() -> new Refusals("text", List.of("(")))
        .hasMessageStartingWith("patterns holds '(', which is no regular expression");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Dear [NAME], your card is here.",
        "Dear [Your Name], hello.",
        "Hello <FIRST NAME>!",
        "Pay {{amount}} now.",
        "{% if x %}yes",
        "Call [insert phone number].",
        "Fine.<|im_end|>",
        "[INST] What?",
        "Sure, here is a text.",
        "Certainly! Here's another one.",
        "Here is a message from a customer: I lost my card.",
        "Paraphrase: I lost my card."
      })
  void leaksAreFound(String text) {
    assertThat(new TemplateLeaks("text", List.of()).fault(row(text))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Here is my card number [see below].",
        "Sure, I will come.",
        "The set {a, b} and x < y > z.",
        "Array[0] is [1, 2].",
        "[EMAIL_1] wrote to me."
      })
  void brackets(String text) {
    assertThat(new TemplateLeaks("text", List.of()).fault(row(text))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "WORDS,2,3,one,false",
    "WORDS,2,3,one  two,true",
    "WORDS,2,3,a b c d,false",
    "CHARACTERS,2,3,ab,true",
    "CHARACTERS,2,3,a,false",
    "CHARACTERS,1,2,😀😀,true"
  })
  void lengthsAreCounted(Length.Unit unit, int least, int most, String text, boolean kept) {
    assertThat(new Length("text", least, Optional.of(most), unit).fault(row(text)).isEmpty())
        .isEqualTo(kept);
  }

  @Test
  void aFormatIsASetAPatternOrASchema() {
    Format set = new Format("text", List.of("a", "b"), Optional.empty(), Optional.empty());
    Format pattern = new Format("text", List.of(), Optional.of("\\d+"), Optional.empty());
    Format schema =
        new Format(
            "text",
            List.of(),
            Optional.empty(),
            Optional.of("{\"type\":\"object\",\"required\":[\"n\"]}"));

    assertThat(set.fault(row("a"))).isEmpty();
    assertThat(set.fault(row("c"))).contains("text is 'c', not one of [a, b]");
    assertThat(pattern.fault(row("12"))).isEmpty();
    assertThat(pattern.fault(row("12a"))).contains("text is '12a', not like \\d+");
    assertThat(schema.fault(row("{\"n\":1}"))).isEmpty();
    assertThat(schema.fault(row("{\"m\":1}"))).get().asString().contains("'n'");
    assertThat(schema.fault(row("{n"))).get().asString().startsWith("text is no JSON");
    assertThat(
            schema.fault(DataRow.from("x").with("text", JsonMapper.shared().readTree("{\"n\":1}"))))
        .isEmpty();
    assertThatThrownBy(() -> new Format("text", List.of(), Optional.empty(), Optional.of("{")))
        .hasMessageStartingWith("schema is no JSON Schema");
  }

  @Test
  void numbersBelowTheThresholdAreDropped() {
    Threshold threshold = new Threshold("agreement", 0.6);

    assertThat(threshold.fault(DataRow.from("x").with("agreement", DoubleNode.valueOf(0.6))))
        .isEmpty();
    assertThat(threshold.fault(DataRow.from("x").with("agreement", "0.5")))
        .contains("agreement is 0.5, below 0.6");
    assertThat(threshold.fault(DataRow.from("x"))).contains("agreement is '', which is no number");
  }

  private static DataRow row(String text) {
    return DataRow.from("x").with("text", text);
  }
}
