package dev.retort.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.data.Example;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WordTest {

  @Test
  void wordsAreLettersWithNothingElseBesideThem() {
    assertThat(words("Top-up my 4th card, don't 'wait' user_id café (x2) naïve…"))
        .containsExactly("Top", "up", "my", "card", "wait", "café", "naïve");
    assertThat(words("c'était l’été rock’n’roll 'n' 'twas")).containsExactly("n", "twas");
    assertThat(words(" 12 ?! ")).isEmpty();
  }

  @Test
  void whatIsNotReplacedStaysAsItIs() {
    Example example = Models.pair("My  card, my CARD!", "a card");
    List<Word> words = Word.of(example);
    Map<Word, String> others = new HashMap<>();
    others.put(words.get(1), "account");
    others.put(words.get(3), "x");
    others.put(words.get(4), "no");

    Example changed = Word.replaced(example, others);

    assertThat(changed.text()).isEqualTo("My  account, my x!");
    assertThat(changed.pair()).contains("no card");
    assertThat(changed.isLabelled()).isFalse();
    assertThat(changed.place()).isEqualTo(example.place());
    assertThat(words.get(5).hiddenIn(example, "[MASK]").pair()).contains("a [MASK]");
  }

  @Test
  void anotherWordBeginsAsTheOneThatItReplaces() {
    Example example = Models.text("Card card éa Éa");

    assertThat(Word.of(example))
        .extracting(word -> word.capitalized("öl"))
        .containsExactly("Öl", "öl", "öl", "Öl");
  }

  @Test
  void aWordIsReplacedByAnotherOfItsScript() {
    assertThat(Word.isOther("account", "card")).isTrue();
    assertThat(Word.isOther("été", "card")).isTrue();
    assertThat(Word.isOther("CARD", "card")).isFalse();
    assertThat(Word.isOther("карта", "card")).isFalse();
    assertThat(Word.isOther("счёт", "карта")).isTrue();
  }

  private static List<String> words(String text) {
    return Word.of(Models.text(text)).stream().map(Word::spelling).toList();
  }
}
