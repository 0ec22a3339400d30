package dev.retort.tensor;

import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;

/// libtorch's fused AdamW operator, which has no Java method of its own.
final class FusedAdamW {

  /// Lists of equal length: what the operator changes, and the gradients that it reads. `steps`
  /// count from 1.
  record Group(
      List<Tensor> parameters,
      List<Tensor> gradients,
      List<Tensor> firstMoments,
      List<Tensor> secondMoments,
      List<Tensor> steps) {}

  private FusedAdamW() {}

  /// One step of size `learningRate`, in place.
  static void apply(Group group, double learningRate, AdamW.Settings settings) {
    operator().callBoxed(arguments(group, learningRate, settings));
  }

  private static OperatorHandle operator() {
    return Dispatcher.singleton().findSchemaOrThrow("aten::_fused_adamw_", "");
  }

  private static IValueVector arguments(Group group, double learningRate, AdamW.Settings settings) {
    IValueVector stack = new IValueVector();
    stack.push_back(list(group.parameters()));
    stack.push_back(list(group.gradients()));
    stack.push_back(list(group.firstMoments()));
    stack.push_back(list(group.secondMoments()));
    stack.push_back(list(List.of())); // the greatest second moments, of amsgrad
    stack.push_back(list(group.steps()));
    stack.push_back(new IValue(learningRate));
    stack.push_back(new IValue(settings.beta1()));
    stack.push_back(new IValue(settings.beta2()));
    stack.push_back(new IValue(settings.weightDecay()));
    stack.push_back(new IValue(settings.epsilon()));
    stack.push_back(new IValue(false)); // amsgrad
    stack.push_back(new IValue(false)); // maximize
    stack.push_back(new IValue()); // grad_scale
    stack.push_back(new IValue()); // found_inf
    return stack;
  }

  private static IValue list(List<Tensor> tensors) {
    GenericList list = new GenericList(new Type.TypePtr(TensorType.get()));
    tensors.forEach(tensor -> list.push_back(new IValue(tensor.handle())));
    return new IValue(list);
  }
}
