package dev.retort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RequirementTest {

  private static final Requirement RETENTION = Requirement.parse("retention", ">= 0.97");

  @ParameterizedTest
  @CsvSource({
    "retention, >= 0.97, 0.97",
    "retention, >=97%, 0.97",
    "retention, >= 97.5 %, 0.975",
    "accuracy, >= .9, 0.9",
    "p95LatencyMs, <= 5, 5",
    "parameters, <= 2e7, 2e7"
  })
  void readsWhatARecipeWrites(String metric, String text, double limit) {
    Requirement requirement = Requirement.parse(metric, text);

    assertThat(requirement.metric().recipeName()).isEqualTo(metric);
    assertThat(requirement.limit()).isEqualTo(limit);
    assertThat(requirement.bound()).isEqualTo(requirement.metric().bound());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      value = {
        "retenton | >= 0.97 | 'retenton' is not one of [accuracy",
        "retention | => 0.97 | '=> 0.97' is not a requirement on retention; write '>='",
        "retention | 0.97 | '0.97' is not a requirement",
        "sizeMb | <= 30% | '<= 30%' is not a requirement on sizeMb",
        "p95LatencyMs | <= 5 ms | '<= 5 ms' is not a requirement",
        "accuracy | <= 0.9 | where more is better; write '>= 0.9'",
        "sizeMb | >= 30 | where less is better; write '<= 30.0'",
        "accuracy | >= 97 | between 0 and 1",
        "retention | >= 97 | between 0 and 2"
      })
  void refusesWhatCannotBeMeant(String metric, String text, String message) {
    assertThatThrownBy(() -> Requirement.parse(metric, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void judgesTheWholeInterval() {
    assertThat(RETENTION.judge(new Measured(0.984, 0.976, 0.991, 3080)))
        .isInstanceOf(Verdict.Met.class);
    assertThat(RETENTION.judge(new Measured(0.95, 0.94, 0.96, 3080)))
        .isInstanceOf(Verdict.Missed.class);
    assertThat(RETENTION.judge(new Measured(0.98, 0.96, 0.99, 100)))
        .isInstanceOf(Verdict.Unproven.class);
  }

  @Test
  void aLimitThatIsJustReachedIsMet() {
    assertThat(Requirement.parse("sizeMb", "<= 30").judge(Measured.exactly(30)))
        .isInstanceOf(Verdict.Met.class);
    assertThat(Requirement.parse("sizeMb", "<= 30").judge(Measured.exactly(30.01)))
        .isInstanceOf(Verdict.Missed.class);
  }

  @Test
  void anIntervalWithoutAnUpperBoundProvesNothing() {
    Measured open = new Measured(2, 1.5, Double.POSITIVE_INFINITY, 50);

    assertThat(Requirement.parse("p95LatencyMs", "<= 5").judge(open))
        .isInstanceOf(Verdict.Unproven.class);
  }

  @Test
  void whatWasNotMeasuredIsUnprovenAndSaysSo() {
    Verdict verdict = RETENTION.judge(Map.of(Metric.ACCURACY, Measured.exactly(1)));

    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Unproven.class,
            unproven -> {
              assertThat(unproven.measurement()).isEmpty();
              assertThat(unproven.reason()).isEqualTo("retention was not measured in this run");
            });
  }

  @Test
  void onlyAllMetExitsWithZero() {
    Verdict met = RETENTION.judge(Measured.exactly(1));
    Verdict missed = RETENTION.judge(Measured.exactly(0.5));

    assertThat(Verdict.exitCode(List.of())).isZero();
    assertThat(Verdict.exitCode(List.of(met, met))).isZero();
    assertThat(Verdict.exitCode(List.of(met, missed))).isEqualTo(1);
    assertThat(Verdict.exitCode(List.of(met, RETENTION.judge(Map.of())))).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void everyMetricIsFoundByItsRecipeName(Metric metric) {
    assertThat(Metric.ofRecipeName(metric.recipeName())).contains(metric);
  }
}
