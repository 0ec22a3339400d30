/// Model addresses, and the downloads from model hubs and Maven repositories behind them: resumed,
/// verified and cached.
@NullMarked
package dev.retort.hub;

import org.jspecify.annotations.NullMarked;
