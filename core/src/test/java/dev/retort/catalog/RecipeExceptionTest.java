package dev.retort.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecipeExceptionTest {

  @Test
  void ordersProblemsByLineWithOptionsLast() {
    Problem whole = new Problem("name", new Location.Nowhere(), "is missing");
    Problem early = new Problem("b", new Location.Mark(3, 1), "is bad");
    Problem late = new Problem("a", new Location.Mark(12, 1), "is bad");
    Problem option = new Problem("a", new Location.Option("--set a=1"), "is bad");
    RecipeException e = new RecipeException("x.yaml", List.of(option, late, early, whole));
    assertThat(e.problems()).containsExactly(whole, early, late, option);
    assertThat(e)
        .hasMessage(
            """
            x.yaml: 4 problems
              name: is missing
              b (line 3): is bad
              a (line 12): is bad
              a (--set a=1): is bad\
            """);
  }

  @Test
  void breaksLongMessagesAtSpacesButKeepsShortListsAndLongWordsWhole() {
    String url = "https://host/" + "x".repeat(80);
    Problem problem =
        new Problem(
            "a",
            new Location.Mark(1, 1),
            "the value 'something quite long' is not one of [cross-entropy, forward-kl]; see "
                + url
                + " for more\nand more");
    assertThat(new RecipeException("x.yaml", List.of(problem)))
        .hasMessage(
            """
            x.yaml: 1 problem
              a (line 1): the value 'something quite long' is not one of
                  [cross-entropy, forward-kl]; see
                  %s
                  for more
                  and more\
            """
                .formatted(url));
  }
}
