package dev.retort.run;

import dev.retort.train.StopSwitch;

/// What a run needs from outside its recipe.
///
/// @param models where models come from
/// @param workspace what later runs can use again
/// @param listener hears how it goes
/// @param stop ends it at the user's wish
public record RunContext(
    Models models, Workspace workspace, RunListener listener, StopSwitch stop) {}
