package dev.retort.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class AdamWTest {

  /// Two steps of the definition, worked out with doubles.
  @Test
  void movesAsTheDefinitionSays() {
    double theta = 0.5;
    double m = 0;
    double v = 0;
    double[] gradients = {0.3, -0.8};
    SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
    Tensor parameter = Tensors.of(new float[] {0.5f}, 1).requiresGrad();
    parameters.put("w", parameter);
    try (AdamW optimizer = new AdamW(parameters, AdamW.Settings.withWeightDecay(0.1))) {
      for (int t = 1; t <= gradients.length; t++) {
        double g = gradients[t - 1];
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        theta -= 0.01 * 0.1 * theta;
        theta -=
            0.01 * (m / (1 - Math.pow(0.9, t))) / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-8);

        parameter.times(g).sum().backward();
        optimizer.step(0.01);
        Gradients.drop(parameters.values());
      }
    }
    assertThat(parameter.detach().item()).isCloseTo(theta, within(1e-6));
  }

  /// Five steps of torch.optim.AdamW: rate 0.01, decay 0.1 (`bench/peers/encoder_parity.py`).
  @Test
  void movesAsPytorchDoes() throws IOException {
    try (SafetensorsFile golden =
        SafetensorsFile.open(Path.of("src/test/resources/golden/adamw.safetensors"))) {
      Tensor parameter = Tensors.of(golden.get("param_0")).requiresGrad();
      SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
      parameters.put("w", parameter);
      try (AdamW optimizer = new AdamW(parameters, AdamW.Settings.withWeightDecay(0.1))) {
        for (int step = 0; step < 5; step++) {
          parameter.times(Tensors.of(golden.get("grad_" + step))).sum().backward();
          optimizer.step(0.01);
          Gradients.drop(parameters.values());

          assertThat(parameter.toFloats())
              .as("after step %d", step + 1)
              .containsExactly(golden.get("param_" + (step + 1)).toFloats(), within(1e-6f));
        }
      }
    }
  }

  @Test
  void leavesAParameterWithoutGradientAlone() {
    SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
    Tensor still = Tensors.ones(3).requiresGrad();
    parameters.put("still", still);
    try (AdamW optimizer = new AdamW(parameters, AdamW.Settings.withWeightDecay(0.1))) {
      optimizer.step(1);
    }
    assertThat(still.toFloats()).containsExactly(1, 1, 1);
  }
}
