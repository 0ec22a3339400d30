package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.io.Sha256;
import dev.retort.model.TokenBatches;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.List;
import java.util.Set;

/// Several teachers whose answers are averaged, each with a weight that may differ from row to row:
///
/// ```
/// w(m) = weight(m) · trust(m) / Σₖ weight(k) · trust(k)
/// ```
///
/// @param <B> what they are asked about
/// @param members who is asked, at least two, all of which give logits for the same labels
/// @param weighting how much each is trusted
/// @param average what is averaged
public record EnsembleTeacher<B extends Batch>(
    List<Member<B>> members, Weighting weighting, Average average) implements Teacher<B> {

  /// What an ensemble is called.
  public static final String NAME = "ensemble";

  public EnsembleTeacher {
    members = List.copyOf(members);
    if (members.size() < 2) {
      throw new IllegalArgumentException(
          "members has %d teachers; an ensemble needs two".formatted(members.size()));
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String fingerprint() {
    Sha256 hash = new Sha256().add(NAME).add(average.name()).add(weighting.toString());
    for (Member<B> member : members) {
      hash.add(member.teacher().fingerprint())
          .add(Double.toString(member.weight()))
          .add(Double.toString(member.quality()));
    }
    return hash.hex(Sha256.BYTES);
  }

  @Override
  public Set<Need> offers() {
    return average.offers();
  }

  @Override
  public Signals ask(Question<B> question, Set<Need> needs) {
    try (NoGrad _ = NoGrad.open()) {
      List<Distribution> answers =
          members.stream().map(member -> Logits.asked(member.teacher(), question)).toList();
      Tensor labelsN = labelsN(question);
      long rows = answers.getFirst().rows();
      return Signals.of(
          Logits.areDeferred(answers)
              ? new Distribution.Deferred(
                  rows, (first, count) -> together(answers, labelsN, first, count))
              : together(answers, labelsN, 0, rows));
    }
  }

  private Distribution together(
      List<Distribution> answers, Tensor labelsN, long first, long count) {
    try (NoGrad _ = NoGrad.open()) {
      List<Tensor> logitsNV =
          answers.stream().map(answer -> Logits.of(answer, first, count)).toList();
      Opinions opinions =
          new Opinions(
              logitsNV,
              labelsN.narrow(0, first, count),
              members.stream().map(Member::quality).toList());
      return average.of(logitsNV, weightsNM(opinions));
    }
  }

  /// A mixture of two examples has no label that a teacher could be right about.
  private static Tensor labelsN(Question<?> question) {
    Tensor labelsN = TokenBatches.labels(question.batch());
    return question.mix().isEmpty() ? labelsN : Tensors.zerosLike(labelsN).plus(-1L);
  }

  private Tensor weightsNM(Opinions opinions) {
    double[] given = members.stream().mapToDouble(Member::weight).toArray();
    Tensor trustNM = weighting.trustNM(opinions);
    Tensor countNM = trustNM.times(Tensors.of(given, 1, given.length).to(trustNM.dtype()));
    return countNM.dividedBy(countNM.sum(-1, true));
  }

  @Override
  public void close() {
    members.forEach(member -> member.teacher().close());
  }
}
