package dev.retort.data;

import dev.retort.data.Finding.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Takes out of further texts what must not be learnt from, and says what it took.
final class Sieve {

  private final Splits splits;
  private final Leakage policy;
  private final List<Finding> findings = new ArrayList<>();

  /// @param splits the data of the run, which stay as they are
  /// @param policy what happens to texts that are held out
  Sieve(Splits splits, Leakage policy) {
    this.splits = splits;
    this.policy = policy;
  }

  /// What is left of `texts`, whose name messages use.
  ///
  /// @param known the texts that are there already and need not be repeated
  /// @param remedy what to do if none is left
  Transfer sift(Dataset texts, List<Example> known, String remedy) {
    DataChecks.emptyTexts(texts).ifPresent(findings::add);
    Dataset left = withoutLeaks(withoutRepeated(texts, known));
    for (Dataset heldOut : splits.heldOut()) {
      left = withoutSimilar(left, heldOut);
    }
    if (left.size() == 0 && findings.stream().noneMatch(Finding::isError)) {
      findings.add(
          Finding.of(
              Severity.ERROR, "%s: none of the texts is left; %s".formatted(texts.name(), remedy)));
    }
    return new Transfer(left, findings);
  }

  private Dataset withoutRepeated(Dataset data, List<Example> known) {
    Set<String> seen =
        known.stream().map(Example::folded).collect(Collectors.toCollection(HashSet::new));
    Dataset once = data.where(example -> seen.add(example.folded()));
    if (once.size() < data.size()) {
      findings.add(
          Finding.of(
              Severity.INFO,
              "%s: %d of %d texts dropped, being there already"
                  .formatted(data.name(), data.size() - once.size(), data.size())));
    }
    return once;
  }

  private Dataset withoutLeaks(Dataset data) {
    Splits beside = new Splits(data, splits.validation(), splits.test(), List.of());
    Splits apart = Leaks.resolve(beside, policy);
    apart.findings().stream()
        .filter(finding -> !splits.findings().contains(finding))
        .forEach(findings::add);
    return apart.train();
  }

  private Dataset withoutSimilar(Dataset data, Dataset heldOut) {
    List<Example> similar =
        new NearDuplicates(heldOut.examples())
            .matches(data.examples()).stream().map(NearDuplicates.Match::example).toList();
    if (similar.isEmpty()) {
      return data;
    }
    findings.add(
        Finding.at(
            policy == Leakage.REFUSE ? Severity.ERROR : Severity.WARNING,
            similar.stream().map(Example::place).toList(),
            "%s: %d of %d texts nearly the same as one in %s%s"
                .formatted(
                    data.name(), similar.size(), data.size(), heldOut.name(), consequence())));
    Set<Example> dropped = Set.copyOf(similar);
    return policy == Leakage.DROP ? data.where(example -> !dropped.contains(example)) : data;
  }

  private String consequence() {
    return switch (policy) {
      case DROP -> "; dropped";
      case WARN -> "; its results will look too good";
      case REFUSE -> "; remove them, or set data.leakage: drop";
    };
  }
}
