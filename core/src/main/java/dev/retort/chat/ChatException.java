package dev.retort.chat;

/// A conversation or chat template that cannot be used. The message names the file or field, what
/// was found, and what is allowed.
public final class ChatException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ChatException(String message) {
    super(message);
  }

  ChatException(String message, Throwable cause) {
    super(message, cause);
  }
}
