package dev.retort.report;

import java.util.List;

/// What a run hands over: its files, and the commands that come next.
public record Delivery(List<Artefact> files, List<NextStep> nextSteps) {

  /// A file of the run: its path within the run's folder, its size and its SHA-256 in hexadecimal.
  public record Artefact(String path, long bytes, String sha256) {}

  /// What to do next, and the command that does it.
  public record NextStep(String purpose, String command) {}

  public Delivery {
    files = List.copyOf(files);
    nextSteps = List.copyOf(nextSteps);
  }
}
