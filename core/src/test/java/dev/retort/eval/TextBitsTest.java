package dev.retort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TextBitsTest {

  private static final Bootstrap BOOTSTRAP = Bootstrap.ofSeed(7);

  /// Long texts count by their bytes: 3 and 8 bits over 12 bytes.
  @Test
  void bitsAreOverAllBytes() {
    double[] nats = {3 * Math.log(2), 8 * Math.log(2)};

    Measured measured = TextBits.perByte(nats, new long[] {2, 10}, BOOTSTRAP);

    assertThat(measured.value()).isCloseTo(11 / 12.0, within(1e-12));
    assertThat(measured.low()).isCloseTo(0.8, within(1e-12));
    assertThat(measured.high()).isCloseTo(1.5, within(1e-12));
    assertThat(measured.samples()).isEqualTo(2);
  }

  @Test
  void everyTextHasALength() {
    assertThatThrownBy(() -> TextBits.perByte(new double[2], new long[3], BOOTSTRAP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 texts have 3 lengths");
  }
}
