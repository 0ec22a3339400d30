package dev.retort.train;

/// Training that will not recover: the loss is no longer a number, or has grown far above where it
/// began.
public final class TrainingDivergedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// A divergence that `message` describes, with what to change.
  public TrainingDivergedException(String message) {
    super(message);
  }
}
