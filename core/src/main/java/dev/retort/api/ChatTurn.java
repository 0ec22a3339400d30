package dev.retort.api;

/// What one side of a conversation says.
///
/// @param role who says it
/// @param text what is said
public record ChatTurn(Role role, String text) {

  /// The sides of a conversation.
  public enum Role {
    /// Instructions that stand above the conversation.
    SYSTEM,
    /// Who asks.
    USER,
    /// The model.
    ASSISTANT
  }

  /// Instructions that stand above the conversation.
  public static ChatTurn system(String text) {
    return new ChatTurn(Role.SYSTEM, text);
  }

  /// What is asked.
  public static ChatTurn user(String text) {
    return new ChatTurn(Role.USER, text);
  }

  /// What the model said, or is to be taken to have said.
  public static ChatTurn assistant(String text) {
    return new ChatTurn(Role.ASSISTANT, text);
  }
}
