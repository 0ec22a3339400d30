package dev.retort.model;

import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import java.util.Arrays;

/// The nonlinear functions of model families, with their names in a `config.json`.
public enum Activation {
  GELU("gelu", "gelu"),
  GELU_TANH("gelu_new", "gelu_pytorch_tanh"),
  RELU("relu", "relu"),
  TANH("tanh", "tanh"),
  SILU("silu", "swish");

  private final String configName;
  private final String alias;

  Activation(String configName, String alias) {
    this.configName = configName;
    this.alias = alias;
  }

  /// The name under which this function is written to a `config.json`.
  public String configName() {
    return configName;
  }

  /// The function with this name in a `config.json`.
  ///
  /// @throws ModelException if Retort has no such function
  public static Activation ofConfigName(String name) {
    return Arrays.stream(values())
        .filter(activation -> name.equals(activation.configName) || name.equals(activation.alias))
        .findFirst()
        .orElseThrow(() ->
            new ModelException(
                "config.json: activation '%s' is not one of %s"
                    .formatted(
                        name, Arrays.stream(values()).map(Activation::configName).toList())));
  }

  /// The function of every element of `x`.
  public Tensor apply(Tensor x) {
    return switch (this) {
      case GELU -> Functions.gelu(x);
      case GELU_TANH -> Functions.geluTanh(x);
      case RELU -> Functions.relu(x);
      case TANH -> Functions.tanh(x);
      case SILU -> Functions.silu(x);
    };
  }
}
