package dev.retort.report;

import java.util.Map;
import java.util.Optional;

/// What a run ran on: the versions of JDK, Retort and libraries by name, the commit of the sources
/// if known, the processor's model and its cores.
public record Environment(
    Map<String, String> versions, Optional<String> commit, String processor, int cores) {

  public Environment {
    versions = Ordered.copy(versions);
  }
}
