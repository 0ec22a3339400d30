package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.train.Rollout;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class TrainedPhaseTest {

  private static final JsonMapper JSON = JsonMapper.shared();

  @Test
  void whatAStudentWroteIsKept() {
    TrainedPhase phase =
        new TrainedPhase(
            "student", 9, 1.5, 100, List.of(), List.of(), Optional.of(new Rollout(4, 1, 60, 2, 8)));

    assertThat(JSON.readValue(JSON.writeValueAsString(phase), TrainedPhase.class)).isEqualTo(phase);
  }

  /// Such as those of phases that were trained before there was on-policy training.
  @Test
  void aPhaseThatSaysNothingOfItIsRead() {
    String json =
        """
        {"phase": "student", "steps": 9, "seconds": 1.5, "tokens": 100, "losses": [], "scores": []}
        """;

    assertThat(JSON.readValue(json, TrainedPhase.class).rollout()).isEmpty();
  }

  @Test
  void whatTwoStepsWroteAddsUp() {
    Rollout both = new Rollout(4, 1, 60, 2, 0).plus(new Rollout(4, 2, 20, 2, 8));

    assertThat(both.truncatedShare()).isEqualTo(3 / 8.0);
    assertThat(both.meanTokens()).isEqualTo(10);
    assertThat(both.tokensPerSecond()).isEqualTo(20);
    assertThat(Rollout.again(8).tokensPerSecond()).isZero();
  }
}
