package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MiniLmRelationsTest implements FeatureObjectiveContract {

  @Override
  public FeatureObjective objective() {
    return new MiniLmRelations(2, -1, -1);
  }

  @Test
  void widthsMayDifferButMustDivide() {
    ModelShape wide = new ModelShape(4, 10, 5);

    assertThat(objective().problems(wide, STUDENT)).isEmpty();
    try (BoundFeature bound = objective().bind(wide, STUDENT, 5)) {
      assertThat(
              bound
                  .sum(
                      States.random(STUDENT, T, 1).output(),
                      States.random(wide, T, 2).output(),
                      FeatureObjectiveContract.mask(FeatureObjectiveContract.lengths(), T))
                  .item())
          .isPositive();
    }
    assertThat(new MiniLmRelations(4, 7, -1).problems(wide, STUDENT))
        .containsExactly(
            "studentLayer: 7 does not exist; the student has layers 0 to 1",
            "relationHeads: 4 does not divide the student's width, 6",
            "relationHeads: 4 does not divide the teacher's width, 10");
  }
}
