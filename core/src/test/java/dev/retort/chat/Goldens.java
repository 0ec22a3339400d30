package dev.retort.chat;

import dev.retort.chat.jinja.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Real models' templates and what transformers makes of conversations with them.
final class Goldens {
  static final List<String> MODELS =
      List.of(
          "deepseek-r1-distill",
          "deepseek-v3.1",
          "functionary-3.2",
          "gemma-2",
          "generation-blocks",
          "glm-4.6",
          "gpt-oss",
          "granite-3.3",
          "hermes-3-tools",
          "kimi-k2",
          "llama-3.1",
          "llama-3.2",
          "minimax-m2",
          "mistral-nemo",
          "mistral-small-3.2",
          "phi-3.5",
          "qwen2.5",
          "qwen3",
          "qwen3-coder",
          "qwen3.5",
          "seed-oss",
          "smollm2",
          "smollm3");

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2024-07-26T14:05:09Z"), ZoneOffset.UTC);
  private static final JsonNode CONVERSATIONS = json("conversations.json");

  /// One conversation, rendered by one template.
  record Case(String model, JsonNode golden) {
    String name() {
      return golden.path("conversation").stringValue();
    }

    boolean addGenerationPrompt() {
      return golden.path("addGenerationPrompt").booleanValue();
    }

    Optional<String> error() {
      return Optional.ofNullable(golden.get("error"))
          .map(error -> error.path("message").stringValue());
    }

    String text() {
      return golden.path("text").stringValue();
    }

    Conversation conversation() {
      return Goldens.conversation(name());
    }

    ChatTemplate template() {
      return Goldens.template(model, name());
    }
  }

  private Goldens() {}

  static Stream<Case> cases() {
    return MODELS.stream().flatMap(Goldens::cases);
  }

  static Stream<Case> cases(String model) {
    return json("renderings/" + model + ".json")
        .path("cases")
        .valueStream()
        .map(golden -> new Case(model, golden));
  }

  static Conversation conversation(String name) {
    JsonNode found = find(name);
    List<Message> messages =
        found.path("messages").valueStream().map(JsonValues::dict).map(Message::new).toList();
    return new Conversation(
        messages, found.path("tools").valueStream().map(JsonValues::of).toList());
  }

  /// A model's template, with the variables of a conversation.
  static ChatTemplate template(String model, String conversation) {
    ChatTemplate template = template(model);
    for (Map.Entry<String, JsonNode> entry : find(conversation).path("variables").properties()) {
      template = template.with(entry.getKey(), JsonValues.of(entry.getValue()));
    }
    return template;
  }

  static ChatTemplate template(String model) {
    return ChatTemplate.of(source(model))
        .with("bos_token", Value.of("<s>"))
        .with("eos_token", Value.of("</s>"))
        .with("pad_token", Value.of("<pad>"))
        .with("unk_token", Value.of("<unk>"))
        .at(CLOCK);
  }

  static String source(String model) {
    return new String(bytes("templates/" + model + ".jinja"), StandardCharsets.UTF_8);
  }

  private static JsonNode find(String conversation) {
    return CONVERSATIONS
        .valueStream()
        .filter(one -> one.path("name").stringValue().equals(conversation))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode json(String file) {
    return JsonMapper.shared().readTree(bytes(file));
  }

  private static byte[] bytes(String file) {
    try (InputStream stream = Goldens.class.getResourceAsStream("/chat/" + file)) {
      return Objects.requireNonNull(stream, file).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
