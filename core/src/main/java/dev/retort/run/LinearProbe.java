package dev.retort.run;

import dev.retort.data.TokenizedDataset;
import dev.retort.model.EncoderNames;
import dev.retort.model.Precision;
import dev.retort.model.Predictor;
import dev.retort.model.TextClassifier;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.RowLoss;
import dev.retort.objective.Rows;
import dev.retort.tensor.AdamW;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Gradients;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Softmax regression on the frozen encoder's vectors, as the first values of a new head.
///
/// Fine-tuning from a random head first distorts the encoder towards noise; from a fitted head it
/// starts where the best linear classifier is (Kumar et al. 2022, "Fine-Tuning can Distort
/// Pretrained Features"). Vectors are standardised for the fit, and the scales folded into the head
/// afterwards, so that the model computes what it did before.
final class LinearProbe {

  private static final int ITERATIONS = 200;
  private static final double LEARNING_RATE = 0.01;
  private static final double WEIGHT_DECAY = 6;
  private static final double LEAST_DEVIATION = 1e-6;

  private LinearProbe() {}

  /// Fits the last layer of `model`'s head to the labels of `data`.
  static void fit(TextClassifier model, TokenizedDataset data, Precision precision) {
    try (Scope _ = Scope.open()) {
      Tensor pooledND = Tensors.of(Predictor.vectors(model, data, precision));
      Tensor meanD = pooledND.mean(0, false);
      Tensor deviationD =
          pooledND.minus(meanD).square().mean(0, false).squareRoot().plus(LEAST_DEVIATION);
      Tensor standardND = pooledND.minus(meanD).dividedBy(deviationD);
      Tensor weightCD = Tensors.zeros(model.labels().size(), standardND.size(1)).requiresGrad();
      Tensor biasC = Tensors.zeros(model.labels().size()).requiresGrad();
      descend(standardND, labels(data), weightCD, biasC);
      try (NoGrad _ = NoGrad.open()) {
        Tensor foldedCD = weightCD.detach().dividedBy(deviationD);
        Tensor shiftC = foldedCD.times(meanD).sum(-1, false);
        set(model, ".weight", foldedCD);
        set(model, ".bias", biasC.detach().minus(shiftC));
      }
    }
  }

  private static void descend(Tensor xND, Tensor labelsN, Tensor weightCD, Tensor biasC) {
    SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
    parameters.put("weight", weightCD);
    parameters.put("bias", biasC);
    CrossEntropy loss = new CrossEntropy(0);
    try (AdamW optimizer = new AdamW(parameters, AdamW.Settings.withWeightDecay(WEIGHT_DECAY))) {
      for (int i = 0; i < ITERATIONS; i++) {
        try (Scope _ = Scope.open()) {
          Tensor logitsNC = Functions.linear(xND, weightCD, Optional.of(biasC));
          RowLoss step =
              loss.lossAndGradient(new Rows(logitsNC.detach(), Optional.empty(), labelsN));
          Tensor gradient = step.gradientNV().times(1.0 / xND.size(0));
          Functions.backward(List.of(logitsNC), List.of(gradient));
          optimizer.step(LEARNING_RATE * (1 - i / (double) ITERATIONS));
          Gradients.drop(parameters.values());
        }
      }
    }
  }

  private static Tensor labels(TokenizedDataset data) {
    int[] labels = Scoring.labels(data.dataset());
    return Tensors.of(Arrays.stream(labels).asLongStream().toArray(), labels.length);
  }

  private static void set(TextClassifier model, String part, Tensor value) {
    model.parameters().get(EncoderNames.HEAD_OUTPUT + part).detach().setInPlace(value);
  }
}
