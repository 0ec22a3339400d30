package dev.retort.api.wire;

/// Whose server speaks OpenAI's API.
public enum Dialect {
  /// OpenAI's own.
  OPENAI("max_completion_tokens"),
  /// Azure's.
  AZURE("max_completion_tokens"),
  /// Another one: vLLM, llama.cpp, Ollama, TGI and so on.
  COMPATIBLE("max_tokens");

  private final String limit;

  Dialect(String limit) {
    this.limit = limit;
  }

  /// What it calls the tokens of a chat's answer at most; older servers know only the older name,
  /// and OpenAI's newer models only the newer one.
  String limit() {
    return limit;
  }
}
