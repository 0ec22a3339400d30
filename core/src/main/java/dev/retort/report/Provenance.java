package dev.retort.report;

import java.util.Map;

/// Where a run's numbers come from, so that someone else can get them again: the recipe as YAML
/// with every default filled in, the teacher's fingerprint, the seeds by purpose, the machine, the
/// time.
public record Provenance(
    String recipe,
    String teacherFingerprint,
    Map<String, Long> seeds,
    Environment environment,
    Timing timing) {

  public Provenance {
    seeds = Ordered.copy(seeds);
  }
}
