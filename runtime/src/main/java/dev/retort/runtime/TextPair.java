package dev.retort.runtime;

import static java.util.Objects.requireNonNull;

/// Two texts that a student judges together, such as a premise and a hypothesis.
public record TextPair(String first, String second) {
  public TextPair {
    requireNonNull(first, "first");
    requireNonNull(second, "second");
  }
}
