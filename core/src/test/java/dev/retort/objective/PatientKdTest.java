package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PatientKdTest implements FeatureObjectiveContract {

  @Override
  public FeatureObjective objective() {
    return new PatientKd(new Layers(LayerMap.UNIFORM, List.of()));
  }

  @Test
  void asksForEqualWidthsAndALayerBeforeTheLast() {
    assertThat(objective().problems(new ModelShape(4, 8, 2), new ModelShape(1, 6, 2)))
        .containsExactly(
            "patient-kd compares states of one width, but the teacher's is 8 and the student's 6; hidden-mse learns a projection",
            "patient-kd leaves out the last layer, and the student has only one");
  }
}
