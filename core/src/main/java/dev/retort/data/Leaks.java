package dev.retort.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds texts that occur in two splits. Case and white space make no difference.
final class Leaks {
  private final Leakage policy;
  private final List<Finding> findings;

  private Leaks(Leakage policy, List<Finding> findings) {
    this.policy = policy;
    this.findings = new ArrayList<>(findings);
  }

  /// The splits after the policy was applied: test data are never touched, validation data give way
  /// to them, training data to both.
  static Splits resolve(Splits splits, Leakage policy) {
    Leaks leaks = new Leaks(policy, splits.findings());
    Optional<Dataset> validation =
        splits
            .validation()
            .map(found -> splits.test().map(test -> leaks.without(found, test)).orElse(found));
    Dataset train = splits.train();
    for (Dataset heldOut : new Splits(train, validation, splits.test(), List.of()).heldOut()) {
      train = leaks.without(train, heldOut);
    }
    return new Splits(train, validation, splits.test(), leaks.findings);
  }

  /// `data` without the texts of `heldOut`, if the policy says so.
  private Dataset without(Dataset data, Dataset heldOut) {
    Set<String> known = folded(heldOut);
    List<Example> leaked =
        data.examples().stream().filter(example -> known.contains(example.folded())).toList();
    if (leaked.isEmpty()) {
      return data;
    }
    findings.add(finding(data, heldOut, leaked));
    return policy == Leakage.DROP ? data.where(example -> !known.contains(example.folded())) : data;
  }

  private Finding finding(Dataset data, Dataset heldOut, List<Example> leaked) {
    boolean all = policy == Leakage.DROP && leaked.size() == data.size();
    String consequence =
        switch (policy) {
          case DROP -> all ? "; nothing else is left, name other files" : "; dropped";
          case WARN -> "; results on " + heldOut.name() + " will look too good";
          case REFUSE ->
              "; remove them, or set data.leakage: drop to drop them from " + data.name();
        };
    return Finding.at(
        all || policy == Leakage.REFUSE ? Finding.Severity.ERROR : Finding.Severity.WARNING,
        leaked.stream().map(Example::place).toList(),
        "%s: %d of %d examples also in %s%s"
            .formatted(data.name(), leaked.size(), data.size(), heldOut.name(), consequence));
  }

  private static Set<String> folded(Dataset data) {
    return data.examples().stream().map(Example::folded).collect(Collectors.toSet());
  }
}
