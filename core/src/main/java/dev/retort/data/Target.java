package dev.retort.data;

/// What a sequence has a language model say about its text: the tasks of distilling step by step
/// (Hsieh et al. 2023, arXiv 2305.02301).
public enum Target {
  /// The answer.
  LABEL,
  /// Why that is the answer.
  RATIONALE
}
