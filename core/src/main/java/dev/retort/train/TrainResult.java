package dev.retort.train;

import dev.retort.recipe.Keep;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// How a training run ended. The student holds the weights of its best epoch, unless the run was
/// interrupted.
///
/// @param phase what was trained
/// @param end why it ended
/// @param steps optimizer steps made
/// @param history validation scores of all epochs
/// @param keep which epoch's weights the model has now
public record TrainResult(String phase, End end, long steps, List<EpochScore> history, Keep keep) {

  /// Why a run ended.
  public enum End {
    /// All epochs were made.
    FINISHED,
    /// The validation score no longer rose.
    EARLY_STOP,
    /// The user asked for it; a checkpoint was written.
    INTERRUPTED
  }

  public TrainResult {
    history = List.copyOf(history);
  }

  /// The epoch whose weights the model has now; of equally good ones the first.
  public Optional<EpochScore> kept() {
    return switch (keep) {
      case BEST ->
          history.stream()
              .max(
                  Comparator.comparingDouble(EpochScore::score)
                      .thenComparing(EpochScore::epoch, Comparator.reverseOrder()));
      case LAST -> history.isEmpty() ? Optional.empty() : Optional.of(history.getLast());
    };
  }
}
