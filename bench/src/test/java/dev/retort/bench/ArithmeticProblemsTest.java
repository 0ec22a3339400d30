package dev.retort.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.bench.ArithmeticProblems.Problem;
import dev.retort.data.Target;
import dev.retort.data.TokenSequence;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArithmeticProblemsTest {

  private final List<Problem> problems = ArithmeticProblems.draw(200, 3, List.of());

  @Test
  void everyStepIsRightAndTheLastOneIsTheAnswer() {
    for (Problem problem : problems) {
      List<String> steps = problem.rationale();
      assertThat(steps.size()).isIn(12, 18);
      String left = problem.question().get(2);
      for (int i = 0; i < steps.size(); i += 6) {
        int change = Integer.parseInt(steps.get(i + 2));
        int sign = steps.get(i + 1).equals("+") ? 1 : -1;
        assertThat(steps.get(i)).isEqualTo(left);
        left = String.valueOf(Integer.parseInt(left) + sign * change);
        assertThat(steps.get(i + 4)).isEqualTo(left);
      }
      assertThat(problem.answer()).isEqualTo(left);
      assertThat(Integer.parseInt(left)).isBetween(0, ArithmeticProblems.LARGEST);
    }
  }

  @Test
  void problemsAreDifferentAndNotAmongTheOthers() {
    assertThat(problems).doesNotHaveDuplicates();
    assertThat(ArithmeticProblems.draw(200, 3, problems)).doesNotContainAnyElementsOf(problems);
  }

  @Test
  void theAnswerIsLearntBehindItsPrompt() {
    Problem problem = problems.getFirst();
    TokenSequence text = ArithmeticProblems.withAnswer(problem);
    int[] prompt = ArithmeticProblems.prompt(problem);

    assertThat(text.ids()).startsWith(prompt).endsWith(ArithmeticProblems.END);
    assertThat(text.ids()[prompt.length]).isEqualTo(ArithmeticProblems.answer(problem));
    assertThat(text.learnt().cardinality()).isEqualTo(2);
    assertThat(text.target()).isEqualTo(Target.LABEL);
    assertThat(ArithmeticProblems.withRationale(problem))
        .satisfies(steps -> assertThat(steps.target()).isEqualTo(Target.RATIONALE))
        .satisfies(steps ->
            assertThat(steps.learnt().cardinality()).isEqualTo(problem.rationale().size() + 1));
  }
}
