package dev.retort.api.limit;

import dev.retort.api.ApiException;

/// A request to an API that can be made again.
///
/// @param <T> what comes back
@FunctionalInterface
public interface Call<T> {

  /// Makes the request and waits for what comes back.
  ///
  /// @throws ApiException if nothing does
  T run() throws InterruptedException;
}
