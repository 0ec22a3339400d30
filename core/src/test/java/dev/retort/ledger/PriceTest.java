package dev.retort.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ChatAnswer.Usage;
import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PriceTest {

  private static final Price PRICE = new PriceSettings(0.15, Optional.of(0.075), 0.60, 0.5).price();

  @Test
  void anAnswerCostsItsTokens() {
    // 600 · 0.15 + 400 · 0.075 + 200 · 0.60 = 240 millionths of a dollar
    assertThat(PRICE.of(new Usage(1000, 400, 200))).isEqualTo(Dollars.of("0.00024"));
  }

  @Test
  void aBatchCostsItsShare() {
    Price batch = new PriceSettings(0.15, Optional.of(0.075), 0.60, 0.5).batchPrice();

    assertThat(batch.of(new Usage(1000, 400, 200))).isEqualTo(Dollars.of("0.00012"));
  }

  @Test
  void cachedTokensCostLikeOthersUnlessThePriceIsGiven() {
    Price price = new PriceSettings(2, Optional.empty(), 8, 1).price();

    assertThat(price.of(new Usage(1_000_000, 1_000_000, 0))).isEqualTo(Dollars.of("2"));
  }

  @Test
  void fractionsOfABillionthAreRoundedUp() {
    Price price = new PriceSettings(0.0375, Optional.empty(), 0, 1).price();

    assertThat(price.of(new Usage(1, 0, 0))).isEqualTo(new Dollars(38)); // 37.5
  }

  @Test
  void theMostIsAtTheDearerOfTheInputPrices() {
    Price written = new Price(BigDecimal.ONE, new BigDecimal("1.25"), BigDecimal.TEN);

    assertThat(written.atMost(1_000_000, 100_000)).isEqualTo(Dollars.of("2.25"));
  }

  @Test
  void aMillionSmallAmountsAddUpExactly() {
    Dollars sum = Dollars.ZERO;
    for (int i = 0; i < 1_000_000; i++) {
      sum = sum.plus(Dollars.of("0.0000001"));
    }

    assertThat(sum).isEqualTo(Dollars.of("0.1"));
  }

  @Test
  void amountsReadWell() {
    assertThat(Dollars.of("12.345")).hasToString("$12.35");
    assertThat(Dollars.of("0.001234567")).hasToString("$0.00123");
    assertThat(Dollars.of("0.5")).hasToString("$0.500");
    assertThat(new Dollars(7)).hasToString("$0.000000007");
    assertThat(Dollars.ZERO).hasToString("$0.00");
  }

  @Test
  void negativePricesAreRefused() {
    assertThatThrownBy(() -> new PriceSettings(0.1, Optional.of(-1.0), 1, 1))
        .hasMessage("cachedInput must be >= 0 but is -1");
    assertThatThrownBy(() -> new PriceSettings(0.1, Optional.empty(), 1, 1.5))
        .hasMessage("batchShare must be in [0, 1] but is 1.5");
  }
}
