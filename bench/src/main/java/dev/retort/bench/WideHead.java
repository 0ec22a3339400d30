package dev.retort.bench;

import dev.retort.model.LinearHead;
import dev.retort.objective.ForwardKl;
import dev.retort.objective.HeadGradient;
import dev.retort.objective.HeadLoss;
import dev.retort.objective.HeadRows;
import dev.retort.objective.JensenShannon;
import dev.retort.objective.ReverseKl;
import dev.retort.objective.RowObjective;
import dev.retort.objective.Rows;
import dev.retort.objective.TeacherRows;
import dev.retort.signal.Distribution;
import dev.retort.signal.Distribution.Dense;
import dev.retort.signal.Distribution.TopK;
import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.List;
import java.util.Optional;

/// A language model's head and one loss of its logits, computed in two ways.
final class WideHead {

  /// A loss and the kind of teacher it hears.
  enum Case {
    FORWARD_KL,
    REVERSE_KL,
    JENSEN_SHANNON,
    SPARSE_FORWARD_KL;

    private RowObjective objective() {
      return switch (this) {
        case FORWARD_KL -> new ForwardKl(2);
        case REVERSE_KL -> new ReverseKl(2);
        case JENSEN_SHANNON -> new JensenShannon(2, 0.5);
        case SPARSE_FORWARD_KL -> new ForwardKl(1);
      };
    }
  }

  /// Gradients by hidden states and by the head's weight.
  record Gradients(double sum, Tensor hiddenND, Tensor weightVD) {}

  private static final int HIDDEN = 576;
  private static final int ENTRIES = 16;

  private final RowObjective objective;
  private final Distribution teacher;
  private final Tensor hiddenND;
  private final Tensor weightVD;
  private final Tensor labelsN;

  /// Draws hidden states, a head whose logits have a deviation of about 2, and a teacher like that.
  WideHead(Case which, int rows, int vocabulary) {
    Seed.set(1);
    objective = which.objective();
    hiddenND = Tensors.normal(0, 1, rows, HIDDEN);
    weightVD = Tensors.normal(0, 2 / Math.sqrt(HIDDEN), vocabulary, HIDDEN);
    labelsN = Tensors.of(new long[rows], rows);
    Tensor teacherNV = Tensors.normal(0, 2, rows, vocabulary);
    teacher = which == Case.SPARSE_FORWARD_KL ? topK(teacherNV) : new Dense(teacherNV);
  }

  private static TopK topK(Tensor logitsNV) {
    Tensor idsNK = Functions.orderDescending(logitsNV, -1).narrow(-1, 0, ENTRIES).copy();
    Tensor logProbsNK = Functions.logSoftmax(logitsNV, -1).gather(-1, idsNK);
    logitsNV.close();
    return new TopK(idsNK, logProbsNK, 1);
  }

  /// All logits, the definition of the loss in operators, and autograd.
  Gradients eager() {
    return eager(DType.FLOAT32);
  }

  private Gradients eager(DType type) {
    Tensor leafND = hiddenND.to(type).detach().requiresGrad();
    Tensor leafVD = weightVD.to(type).detach().requiresGrad();
    Tensor logitsNV = Functions.linear(leafND, leafVD, Optional.empty());
    Tensor sum = objective.sum(new Rows(logitsNV, Optional.of(in(type)), labelsN));
    sum.backward();
    return new Gradients(sum.item(), leafND.grad(), leafVD.grad());
  }

  private Distribution in(DType type) {
    return switch (teacher) {
      case Dense(Tensor logitsNV) -> new Dense(logitsNV.to(type));
      case TopK(Tensor idsNK, Tensor logProbsNK, double temperature) ->
          new TopK(idsNK, logProbsNK.to(type), temperature);
      default -> throw new IllegalStateException("no case has a teacher like " + teacher);
    };
  }

  /// What training does.
  Gradients chunked() {
    LinearHead head = new LinearHead(weightVD, Optional.empty());
    LinearHead gradient = head.zeros();
    HeadGradient result =
        HeadLoss.of(head, List.of(new HeadLoss.Term(objective, 1)))
            .lossAndGradient(new HeadRows(hiddenND, TeacherRows.of(teacher), labelsN), gradient);
    return new Gradients(result.sums().getFirst(), result.hiddenND(), gradient.weightVD());
  }

  /// The greater relative error of the two gradients against the definition in 64 bits.
  double relativeError(Gradients gradients) {
    Gradients exact = eager(DType.FLOAT64);
    return Math.max(
        relativeError(gradients.hiddenND(), exact.hiddenND()),
        relativeError(gradients.weightVD(), exact.weightVD()));
  }

  private static double relativeError(Tensor actual, Tensor exact) {
    Tensor error = actual.to(DType.FLOAT64).minus(exact);
    return Math.sqrt(error.square().sum().item() / exact.square().sum().item());
  }
}
