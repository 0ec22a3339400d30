package dev.retort.api.wire;

import dev.retort.api.PermanentApiException;

/// A key to an API. It is seen in the header that it is made for and nowhere else.
///
/// @param variable the environment variable that it came from
/// @param value the key itself
public record ApiKey(String variable, String value) {

  private static final String HIDDEN = "***";

  /// Checks the value.
  ///
  /// @throws PermanentApiException if the value cannot stand in a header, without saying what it is
  public ApiKey {
    if (!value.matches("[\\x21-\\x7e]+")) {
      throw new PermanentApiException(
          "the key in the environment variable %s is empty or has spaces, line ends or characters beyond ASCII; set it again"
              .formatted(variable),
          PermanentApiException.Scope.ALL);
    }
  }

  /// `text` with something else in the place of the key.
  public String hiddenIn(String text) {
    return text.replace(value, HIDDEN);
  }

  /// Everything but the key.
  @Override
  public String toString() {
    return "ApiKey[variable=%s]".formatted(variable);
  }
}
