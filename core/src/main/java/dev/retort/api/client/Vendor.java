package dev.retort.api.client;

import dev.retort.api.ApiAddress;

/// Whose servers an address leads to. A vendor's key is never sent to other servers, whatever API
/// they speak.
enum Vendor {
  OPENAI("OPENAI_API_KEY"),
  AZURE("AZURE_OPENAI_API_KEY"),
  ANTHROPIC("ANTHROPIC_API_KEY"),
  /// Nobody in particular, such as a server of one's own.
  OTHER("");

  private final String keyVariable;

  Vendor(String keyVariable) {
    this.keyVariable = keyVariable;
  }

  /// The environment variable that the vendor's own clients read its key from.
  String keyVariable() {
    return keyVariable;
  }

  static Vendor of(ApiAddress.Web address) {
    String host = String.valueOf(address.base().getHost());
    return switch (address.kind()) {
      case OPENAI, OPENAI_COMPLETIONS -> host.equals("api.openai.com") ? OPENAI : OTHER;
      case AZURE -> isAzure(host) ? AZURE : OTHER;
      case ANTHROPIC -> host.equals("api.anthropic.com") ? ANTHROPIC : OTHER;
    };
  }

  private static boolean isAzure(String host) {
    return host.endsWith(".azure.com") || host.endsWith(".azure.us") || host.endsWith(".azure.cn");
  }
}
