package dev.retort.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VotesTest {

  @Test
  void votesAreCountedAndUnusableOnesAreNot() {
    Votes votes =
        Votes.of(
                List.of(
                    heard(1, "because"),
                    new Opinion.Unusable("names no label: 'x'"),
                    heard(0, "not this"),
                    heard(1, "also"),
                    heard(1, "too")))
            .orElseThrow();
    assertThat(votes.probabilities()).containsExactly(new double[] {0.25, 0.75, 0}, within(1e-12));
    assertThat(votes.label()).isEqualTo(1);
    assertThat(votes.agreement()).isEqualTo(0.75);
    assertThat(votes.confidence()).isEqualTo(0.75);
    assertThat(votes.usable()).isEqualTo(4);
    assertThat(votes.rationale()).contains("because");
  }

  @Test
  void nothingUsableIsNoVote() {
    assertThat(Votes.of(List.of(new Opinion.Unusable("names no label: 'x'")))).isEmpty();
  }

  @Test
  void softTargetsAreSmoothedAndSumToOne() {
    float[] logits = Votes.certain(2, 4).logits(0.1);
    assertThat(Math.exp(logits[0])).isCloseTo(0.025, within(1e-7));
    assertThat(Math.exp(logits[2])).isCloseTo(0.925, within(1e-7));
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    assertThat(sum).isCloseTo(1, within(1e-6));
    assertThat(Votes.certain(0, 2).logits(0)[1]).isNotInfinite();
  }

  private static Opinion heard(int label, String why) {
    double[] probabilities = new double[3];
    probabilities[label] = 1;
    return new Opinion.Heard(probabilities, label, Optional.of(why));
  }
}
