package dev.retort.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.report.LearningCurve.Point;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChartsTest {

  @Test
  void linearTicksAreRoundAndReachAround() {
    Axis axis = Axis.linear(87.3, 93.9, 4);

    assertThat(axis.ticks()).containsExactly(86.0, 88.0, 90.0, 92.0, 94.0);
    assertThat(axis.at(86, 0, 100)).isZero();
    assertThat(axis.at(94, 0, 100)).isEqualTo(100);
    assertThat(axis.at(90, 0, 100)).isCloseTo(50, within(1e-9));
    assertThat(axis.at(200, 0, 100)).isEqualTo(100);
    assertThat(axis.label(88)).isEqualTo("88");
  }

  @Test
  void smallStepsKeepTheirDecimals() {
    Axis axis = Axis.linear(0.86, 1, 3);

    assertThat(axis.ticks().stream().map(axis::label))
        .containsExactly("0.85", "0.90", "0.95", "1.00");
  }

  @Test
  void anAxisWithinItsEndsHasTicksInside() {
    Axis axis = Axis.within(0, 640, 5);

    assertThat(axis.high()).isEqualTo(640);
    assertThat(axis.ticks()).containsExactly(0.0, 200.0, 400.0, 600.0);
  }

  @Test
  void logarithmicTicksAreOneTwoFive() {
    Axis axis = Axis.logarithmic(1.2, 12);

    assertThat(axis.ticks()).containsExactly(1.0, 2.0, 5.0, 10.0);
    assertThat(axis.at(Math.sqrt(axis.low() * axis.high()), 0, 100)).isCloseTo(50, within(1e-9));
    assertThat(axis.label(0.5)).isEqualTo("0.5");
    assertThat(axis.label(10)).isEqualTo("10");
  }

  @Test
  void anAxisOverOneValueStillHasWidth() {
    assertThat(Axis.linear(5, 5, 4).high()).isGreaterThan(5);
    assertThat(Axis.linear(0, 0, 4).high()).isPositive();
  }

  @Test
  void longCurvesAreThinnedToMeans() {
    List<Point> curve = IntStream.range(0, 480).mapToObj(i -> new Point(i, i % 2)).toList();

    List<Point> thinned = Curves.thinned(curve);

    assertThat(thinned).hasSize(240).allSatisfy(p -> assertThat(p.value()).isEqualTo(0.5));
  }

  @Test
  void smoothingKeepsTheLevelAndDoesNotLag() {
    List<Point> noisyRamp =
        IntStream.range(0, 200).mapToObj(i -> new Point(i, i + (i % 2 == 0 ? 5 : -5))).toList();

    List<Point> smooth = Curves.smoothed(noisyRamp);

    assertThat(smooth.getFirst().value()).isEqualTo(5);
    assertThat(smooth.subList(20, 180))
        .allSatisfy(p -> assertThat(p.value()).isCloseTo(p.step(), within(0.5)));
  }

  @Test
  void labelsThatWouldOverlapArePushedApart() {
    Markup out = new Markup();
    Svg svg = Svg.open(out, new Svg.Caption("a", "b", "c"), 100, 100);
    Label.draw(svg, 100, List.of(new Label(10, 50, "one"), new Label(10, 51, "two")));
    svg.close();

    assertThat(out.finish()).contains("y=\"50.0\"").contains("y=\"65.0\"");
  }
}
