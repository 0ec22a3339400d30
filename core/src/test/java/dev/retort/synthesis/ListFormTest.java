package dev.retort.synthesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListFormTest {

  private static final ListForm LINES = new ListForm(false);
  private static final ListForm JSON = new ListForm(true);

  @Test
  void aTextGoesOnUntilTheNextNumber() {
    assertThat(LINES.read("1. Bake bread.\nTake two steps:\n1. knead\n2. bake\n2) Brew tea.\n"))
        .isEqualTo(
            new Reading.Clear<>(
                List.of("Bake bread.\nTake two steps:\n1. knead", "bake\n2) Brew tea.")));
    assertThat(LINES.read("1. Bake bread.\n\n2. Brew tea.\n3. Wash up."))
        .isEqualTo(new Reading.Clear<>(List.of("Bake bread.", "Brew tea.", "Wash up.")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Here are two:\n1. Bake.\n2. Brew.",
        "- Bake.\n- Brew.",
        "2. Bake.",
        "1. \n2. Brew"
      })
  void whatIsNoListFromTheBeginningIsRefused(String text) {
    assertThat(LINES.read(text)).isInstanceOf(Reading.Unclear.class);
  }

  @Test
  void jsonIsAListOfTexts() {
    assertThat(JSON.read("{\"texts\": [\"Bake.\", \" Brew. \"]}"))
        .isEqualTo(new Reading.Clear<>(List.of("Bake.", "Brew.")));
    assertThat(JSON.read("{\"texts\": [\"Bake.\", 2]}")).isInstanceOf(Reading.Unclear.class);
    assertThat(JSON.read("{\"texts\": []}")).isInstanceOf(Reading.Unclear.class);
    assertThat(JSON.read("1. Bake.")).isInstanceOf(Reading.Unclear.class);
  }
}
