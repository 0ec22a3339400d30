package dev.retort.teacher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import dev.retort.tensor.Scope;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WithFeaturesTest {

  private static final TokenizedDataset DATA = Texts.of(Texts.example("a", 0, ""));

  private final FakeTeacher answers = FakeTeacher.of("answers", new float[] {1, 0, 0});
  private final FakeTeacher inside = FakeTeacher.of("inside", new float[] {0, 1, 0});
  private final WithFeatures<TextBatch> both = new WithFeatures<>(answers, inside);

  @Test
  void onlyWhoKnowsIsAsked() {
    try (Scope _ = Scope.open()) {
      Signals signals = both.ask(Texts.question(DATA, 0), Set.of(Need.DISTRIBUTION));

      assertThat(signals.distribution()).isPresent();
      assertThat(answers.asked()).hasSize(1);
      assertThat(inside.asked()).isEmpty();

      Signals features = both.ask(Texts.question(DATA, 0), Set.of(Need.HIDDEN_STATES));

      assertThat(features.distribution()).isEmpty();
      assertThat(answers.asked()).hasSize(1);
      assertThat(inside.asked()).hasSize(1);
    }
  }

  @Test
  void itOffersWhatTheyOfferTogether() {
    assertThat(both.offers()).isEqualTo(EnumSet.allOf(Need.class));
    assertThat(both.name()).isEqualTo("answers");
  }
}
