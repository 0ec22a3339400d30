package dev.retort.synthesis;

import java.util.Locale;

/// Ways to make a prompt more demanding (Xu et al. 2023, WizardLM, arXiv 2304.12244, §3.1).
public enum Evolution {
  /// Asks for more depth and breadth about the same subject.
  DEEPEN("Rewrite it so that it asks for more depth and breadth about its subject."),
  /// Replaces general notions by specific ones.
  CONCRETE("Rewrite it so that general notions become specific, concrete ones."),
  /// Adds one more condition.
  CONSTRAIN("Rewrite it with one more constraint or requirement."),
  /// Takes more steps of thought to answer.
  REASON("Rewrite it so that an answer takes several explicit steps of reasoning."),
  /// Asks about something rarer in the same field.
  BROADEN(
      "Write another one in the same field, of similar length and difficulty, about something rarer.");

  private final String instruction;

  Evolution(String instruction) {
    this.instruction = instruction;
  }

  /// What the model is told.
  String instruction() {
    return instruction;
  }

  /// The name in synthesis files.
  String fileName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
