package dev.retort.api.wire;

import java.net.URI;
import java.util.Optional;

/// Where requests go, for whom, and what messages call it.
///
/// @param name the address as the user wrote it
/// @param uri what requests are posted to
/// @param model the model's name at the API
/// @param key what opens it; empty for servers that are open to all
public record Endpoint(String name, URI uri, String model, Optional<ApiKey> key) {

  /// What to do when the key is refused.
  String keyAdvice() {
    return key.map(secret -> "check the key in " + secret.variable() + " and what it may do")
        .orElse(
            name.startsWith("bedrock:")
                ? "check AWS credentials, and whether they give access to this model"
                : "name the environment variable that holds the key as 'key'");
  }

  /// `text` without the key, should a server have repeated it.
  String withoutKey(String text) {
    return key.map(secret -> secret.hiddenIn(text)).orElse(text);
  }
}
