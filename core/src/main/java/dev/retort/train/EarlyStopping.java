package dev.retort.train;

import dev.retort.recipe.EarlyStop;
import java.util.List;

/// Ends a run once its validation score has not risen for a number of epochs. It decides from the
/// history alone, so that a resumed run decides alike.
///
/// @param settings how long to wait
public record EarlyStopping(EarlyStop settings) implements TrainListener {

  @Override
  public void validated(Validation validation, StopSwitch stop) {
    List<EpochScore> history = validation.history();
    int best = 0;
    for (int i = 1; i < history.size(); i++) {
      best = history.get(i).score() > history.get(best).score() ? i : best;
    }
    if (history.size() - 1 - best >= settings.patience()) {
      stop.stop(TrainResult.End.EARLY_STOP);
    }
  }
}
