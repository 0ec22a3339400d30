package dev.retort.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.catalog.Sample.CrossEntropy;
import dev.retort.catalog.Sample.ForwardKl;
import dev.retort.catalog.Sample.Objective;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatalogTest {

  @Named("forward-kl")
  record Twin() implements Objective {}

  @Named("using")
  record Using(String use) implements Objective {}

  record Nameless() implements Objective {}

  @Test
  void knowsItsTypesByName() {
    assertThat(Sample.OBJECTIVES.names()).containsExactly("cross-entropy", "forward-kl");
    assertThat(Sample.OBJECTIVES.type("forward-kl")).contains(ForwardKl.class);
    assertThat(Sample.OBJECTIVES.type("reverse-kl")).isEmpty();
    assertThat(Sample.OBJECTIVES.types().sequencedValues())
        .containsExactly(CrossEntropy.class, ForwardKl.class);
    assertThat(Sample.OBJECTIVES.describe())
        .containsExactly(
            Map.entry("cross-entropy", "Cross entropy with the labels."),
            Map.entry(
                "forward-kl", "Kullback-Leibler divergence from the teacher to the student."));
  }

  @Test
  void refusesTypesThatNoRecipeCanName() {
    assertThatThrownBy(() -> Catalog.of("objective", Objective.class, Nameless.class))
        .hasMessage(Nameless.class + " must be a record with @Named");
    assertThatThrownBy(() -> Catalog.of("objective", Objective.class, Using.class))
        .hasMessage(
            Using.class + " has a component 'use', but that key of a recipe holds the type's name");
    assertThatThrownBy(() -> Catalog.of("objective", Objective.class, ForwardKl.class, Twin.class))
        .hasMessage("%s and %s are both named 'forward-kl'", ForwardKl.class, Twin.class);
  }
}
