package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerMapTest {

  @ParameterizedTest
  @CsvSource({
    "UNIFORM, 12, 4, 2 5 8 11",
    "UNIFORM, 12, 3, 3 7 11",
    "UNIFORM, 12, 5, 1 4 6 9 11",
    "UNIFORM, 4, 4, 0 1 2 3",
    "UNIFORM, 2, 4, 0 0 1 1",
    "LAST, 12, 3, 9 10 11",
    "LAST, 2, 3, 0 0 1"
  })
  void mapsEveryLayerOfTheStudent(LayerMap map, int teacher, int student, String expected) {
    assertThat(map.pairs(new ModelShape(teacher, 8, 2), new ModelShape(student, 8, 2)))
        .extracting(pair -> Integer.toString(pair.teacher()))
        .containsExactly(expected.split(" ", -1));
  }
}
