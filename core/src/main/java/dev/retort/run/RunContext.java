package dev.retort.run;

import dev.retort.train.StopSwitch;

/// What a run needs from outside its recipe.
///
/// @param models where models come from
/// @param workspace what later runs can use again
/// @param listener hears how it goes
/// @param stop ends it at the user's wish
/// @param apis how models behind APIs are reached
public record RunContext(
    Models models, Workspace workspace, RunListener listener, StopSwitch stop, Apis apis) {

  /// For runs whose teachers are local.
  public RunContext(Models models, Workspace workspace, RunListener listener, StopSwitch stop) {
    this(models, workspace, listener, stop, Apis.NONE);
  }
}
