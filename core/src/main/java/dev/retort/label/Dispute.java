package dev.retort.label;

import dev.retort.data.Example;
import dev.retort.io.Sha256;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// A text to which several models gave different labels.
///
/// @param example the text
/// @param said what each of them said, by name
public record Dispute(Example example, SequencedMap<String, Votes> said) {

  public Dispute {
    said = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(said));
  }

  /// The dispute between what several models said about one text; empty if they agree, or if no two
  /// have said anything.
  ///
  /// @param texts what came of asking each, by name
  public static Optional<Dispute> of(SequencedMap<String, LabelledText> texts) {
    SequencedMap<String, Votes> said = new LinkedHashMap<>();
    texts.forEach((name, text) -> {
      if (text instanceof LabelledText.Known(_, Votes votes, boolean human) && !human) {
        said.put(name, votes);
      }
    });
    boolean agreed = said.values().stream().mapToInt(Votes::label).distinct().count() < 2;
    return agreed
        ? Optional.empty()
        : Optional.of(new Dispute(texts.firstEntry().getValue().example(), said));
  }

  /// The labels that were said, each once. Their order depends on the text alone, so that none is
  /// preferred for standing first, and neither is a model.
  public List<Integer> candidates() {
    return said.values().stream()
        .map(Votes::label)
        .distinct()
        .sorted(
            Comparator.comparing(
                label -> new Sha256().add(example.contentKey()).add(label).hex(Sha256.BYTES)))
        .toList();
  }

  /// Why `label` was said, from the first who told.
  Optional<String> reasons(int label) {
    return said.values().stream()
        .filter(votes -> votes.label() == label)
        .flatMap(votes -> votes.rationale().stream())
        .findFirst();
  }

  /// What a judge between the candidates said, as votes for all of `labels`.
  public Votes settled(Votes verdict, int labels) {
    List<Integer> candidates = candidates();
    double[] probabilities = new double[labels];
    for (int i = 0; i < candidates.size(); i++) {
      probabilities[candidates.get(i)] = verdict.probabilities()[i];
    }
    return new Votes(
        probabilities,
        candidates.get(verdict.label()),
        verdict.agreement(),
        verdict.usable(),
        verdict.rationale());
  }

  /// Disputes by the content of their texts.
  public static Map<String, Dispute> byText(List<Dispute> disputes) {
    Map<String, Dispute> byText = new LinkedHashMap<>();
    disputes.forEach(dispute -> byText.put(dispute.example().contentKey(), dispute));
    return byText;
  }
}
