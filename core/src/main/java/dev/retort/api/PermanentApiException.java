package dev.retort.api;

/// The same request will fail again: a wrong key, an unknown model, a request that the API refuses.
public final class PermanentApiException extends ApiException {

  private static final long serialVersionUID = 1L;

  private final Scope scope;

  /// Whom a failure concerns.
  public enum Scope {
    /// This request alone; others may succeed.
    REQUEST,
    /// All requests: a wrong key, no credit left, an unknown model or address.
    ALL
  }

  public PermanentApiException(String message, Scope scope) {
    super(message);
    this.scope = scope;
  }

  public PermanentApiException(String message, Scope scope, Throwable cause) {
    super(message, cause);
    this.scope = scope;
  }

  /// Whom it concerns.
  public Scope scope() {
    return scope;
  }
}
