package dev.retort.objective;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.model.AttentionVectors;
import dev.retort.signal.Need;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Multi-head self-attention relations (MiniLMv2, Wang et al. 2021, arXiv 2012.15828):
///
/// ```
/// mean over Q-Q, K-K, V-V, relation heads and real queries of KL(R_t ‖ R_s)
/// R = softmax(x·xᵀ / √d_r)      x = the vectors of all heads, cut anew into relation heads
/// ```
///
/// Relations are `T × T` whatever the width, so that the models may differ in heads and width.
/// Padded keys are outside the softmax.
///
/// @param relationHeads into how many relation heads the vectors are cut
/// @param studentLayer whose vectors, from 0; −1 is the last
/// @param teacherLayer from which layer, from 0; −1 is the last. For large teachers an upper middle
///   layer teaches better than the last
@Named("minilm-relations")
@Doc("KL between relations of queries, keys and values of one layer (MiniLMv2, Wang et al. 2021).")
public record MiniLmRelations(
    @Default("12") @Doc("Into how many relation heads the vectors are cut.") int relationHeads,
    @Default("-1") @Doc("Layer of the student, from 0; -1 is the last.") int studentLayer,
    @Default("-1") @Doc("Layer of the teacher, from 0; -1 is the last.") int teacherLayer)
    implements FeatureObjective {

  /// Stands for ∞ in front of padded keys.
  private static final double PADDED = 1e9;

  public MiniLmRelations {
    Check.atLeast("relationHeads", relationHeads, 1);
    Check.atLeast("studentLayer", studentLayer, -1);
    Check.atLeast("teacherLayer", teacherLayer, -1);
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.ATTENTION_VECTORS);
  }

  @Override
  public List<String> problems(ModelShape teacher, ModelShape student) {
    List<String> problems = new ArrayList<>();
    problems("student", studentLayer, student, problems);
    problems("teacher", teacherLayer, teacher, problems);
    return problems;
  }

  private void problems(String side, int layer, ModelShape model, List<String> problems) {
    if (layer >= model.layers()) {
      problems.add(
          "%sLayer: %d does not exist; the %s has layers 0 to %d"
              .formatted(side, layer, side, model.layers() - 1));
    }
    if (model.hiddenSize() % relationHeads != 0) {
      problems.add(
          "relationHeads: %d does not divide the %s's width, %d"
              .formatted(relationHeads, side, model.hiddenSize()));
    }
  }

  @Override
  public BoundFeature bind(ModelShape teacher, ModelShape student, long seed) {
    int own = studentLayer < 0 ? student.layers() - 1 : studentLayer;
    int other = teacherLayer < 0 ? teacher.layers() - 1 : teacherLayer;
    return new PlainFeature(
        (ofStudent, ofTeacher, maskBT) ->
            sum(ofStudent.vectors().get(own), ofTeacher.vectors().get(other), maskBT),
        BoundFeature.Counted.TOKENS,
        false);
  }

  private Tensor sum(AttentionVectors student, AttentionVectors teacher, Tensor maskBT) {
    return relation(student.queriesBTD(), teacher.queriesBTD(), maskBT)
        .plus(relation(student.keysBTD(), teacher.keysBTD(), maskBT))
        .plus(relation(student.valuesBTD(), teacher.valuesBTD(), maskBT))
        .times(1.0 / 3);
  }

  /// `KL` between the relations of one kind of vectors, added up over real queries, averaged over
  /// relation heads.
  Tensor relation(Tensor studentBTD, Tensor teacherBTD, Tensor maskBT) {
    return Attentions.divergence(
        logRelationsBRTT(teacherBTD.detach(), maskBT),
        logRelationsBRTT(studentBTD, maskBT),
        maskBT);
  }

  private Tensor logRelationsBRTT(Tensor xBTD, Tensor maskBT) {
    int size = Math.toIntExact(xBTD.size(2)) / relationHeads;
    Tensor xBRTd = xBTD.reshape(xBTD.size(0), xBTD.size(1), relationHeads, size).transpose(1, 2);
    Tensor scoresBRTT = xBRTd.matmul(xBRTd.transpose(-2, -1)).times(1 / Math.sqrt(size));
    Tensor biasB11T = maskBT.to(xBTD.dtype()).plus(-1.0).times(PADDED).unsqueeze(1).unsqueeze(1);
    return Functions.logSoftmax(scoresBRTT.plus(biasB11T), -1);
  }
}
