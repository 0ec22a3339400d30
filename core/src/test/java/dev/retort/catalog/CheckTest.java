package dev.retort.catalog;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CheckTest {

  private static void refuses(String message, ThrowingCallable check) {
    assertThatThrownBy(check).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void namesTheArgumentTheBoundAndTheValue() {
    refuses("weight must be > 0 but is -0.5", () -> Check.positive("weight", -0.5));
    refuses("weight must be > 0 but is NaN", () -> Check.positive("weight", Double.NaN));
    refuses("epochs must be >= 1 but is 0", () -> Check.atLeast("epochs", 0, 1));
    refuses("alpha must be in [0, 1] but is 1.5", () -> Check.within("alpha", 1.5, 0, 1));
    refuses("alpha must be in [0, 1] but is NaN", () -> Check.within("alpha", Double.NaN, 0, 1));
    refuses("name must not be blank", () -> Check.notBlank("name", " "));
    refuses("layers must not be empty", () -> Check.notEmpty("layers", List.of()));
  }

  @Test
  void letsTheBoundsThemselvesPass() {
    assertThatCode(
            () -> {
              Check.positive("weight", Double.MIN_VALUE);
              Check.atLeast("epochs", 1, 1);
              Check.within("alpha", 0, 0, 1);
              Check.within("alpha", 1, 0, 1);
              Check.notBlank("name", "a");
              Check.notEmpty("layers", List.of(1));
            })
        .doesNotThrowAnyException();
  }
}
