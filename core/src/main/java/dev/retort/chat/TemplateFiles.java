package dev.retort.chat;

import dev.retort.chat.jinja.Template;
import dev.retort.chat.jinja.TemplateException;
import dev.retort.chat.jinja.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the chat templates and special tokens of a model's folder.
final class TemplateFiles {
  private static final String CONFIG = "tokenizer_config.json";
  private static final String TOKENS = "special_tokens_map.json";
  private static final String JINJA = "chat_template.jinja";
  private static final String JSON = "chat_template.json";
  private static final String FURTHER = "additional_chat_templates";
  private static final String ENTRY = "chat_template";
  private static final String ADDED_TOKENS = "added_tokens_decoder";
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private final Path folder;

  private TemplateFiles(Path folder) {
    this.folder = folder;
  }

  static ChatTemplate read(Path folder) {
    TemplateFiles files = new TemplateFiles(folder);
    try {
      return new ChatTemplate(
          files.templates(), files.tokens(), Clock.system(ZoneId.systemDefault()));
    } catch (IOException e) {
      throw new ChatException(folder + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /// Whether a folder has a template.
  static boolean areIn(Path folder) {
    try {
      return !new TemplateFiles(folder).found().isEmpty();
    } catch (IOException e) {
      throw new ChatException(folder + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /// Files go before entries, as in transformers.
  private Map<String, Template> found() throws IOException {
    Map<String, Template> templates = fromFiles();
    for (String file : List.of(CONFIG, JSON)) {
      if (templates.isEmpty()) {
        templates.putAll(fromEntry(file));
      }
    }
    return templates;
  }

  private Map<String, Template> templates() throws IOException {
    Map<String, Template> templates = found();
    if (templates.isEmpty()) {
      throw new ChatException(
          folder
              + ": has no chat template, neither in chat_template.jinja nor as 'chat_template' of"
              + " tokenizer_config.json or chat_template.json; the model may be a base model, and"
              + " its instruction-tuned sibling has one");
    }
    return templates;
  }

  private Map<String, Template> fromFiles() throws IOException {
    Map<String, Template> templates = new LinkedHashMap<>();
    Path main = folder.resolve(JINJA);
    if (Files.exists(main)) {
      templates.put(ChatTemplate.DEFAULT, template(JINJA, Files.readString(main)));
    }
    Path further = folder.resolve(FURTHER);
    if (Files.isDirectory(further)) {
      try (Stream<Path> files = Files.list(further)) {
        for (Path file : files.sorted().toList()) {
          String name = file.getFileName().toString();
          if (name.endsWith(".jinja")) {
            templates.put(
                name.substring(0, name.length() - ".jinja".length()),
                template(FURTHER + "/" + name, Files.readString(file)));
          }
        }
      }
    }
    return templates;
  }

  private Map<String, Template> fromEntry(String file) throws IOException {
    JsonNode entry = json(file).path(ENTRY);
    Map<String, Template> templates = new LinkedHashMap<>();
    if (entry.isString()) {
      templates.put(ChatTemplate.DEFAULT, template(file, entry.stringValue()));
    } else if (entry.isArray()) {
      for (JsonNode named : entry) {
        if (!named.path("name").isString() || !named.path("template").isString()) {
          throw wrong(file, ENTRY, "a list of objects with 'name' and 'template'", named);
        }
        String name = named.path("name").stringValue();
        templates.put(name, template(file, named.path("template").stringValue()));
      }
    } else if (!entry.isMissingNode() && !entry.isNull()) {
      throw wrong(file, ENTRY, "a text, or a list of named templates", entry);
    }
    return templates;
  }

  private Template template(String file, String source) {
    try {
      return Template.of(source);
    } catch (TemplateException e) {
      throw new ChatException(
          "%s: the chat template cannot be read: %s"
              .formatted(folder.resolve(file), e.getMessage()),
          e);
    }
  }

  /// The special tokens under the names that templates know them by, such as `eos_token`.
  private Map<String, Value> tokens() throws IOException {
    JsonNode config = json(CONFIG);
    Map<String, Value> tokens = new HashMap<>(tokens(config));
    tokens.putAll(tokens(config.path("extra_special_tokens")));
    if (!config.has(ADDED_TOKENS)) {
      tokens.putAll(tokens(json(TOKENS)));
    }
    return tokens;
  }

  private static Map<String, Value> tokens(JsonNode config) {
    Map<String, Value> tokens = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : config.properties()) {
      if (entry.getKey().endsWith("_token")) {
        token(entry.getValue()).ifPresent(token -> tokens.put(entry.getKey(), token));
      }
    }
    return tokens;
  }

  /// A token is a text, or an object with what a tokenizer has to know about it.
  private static Optional<Value> token(JsonNode entry) {
    JsonNode content = entry.isObject() ? entry.path("content") : entry;
    return content.isString() ? Optional.of(Value.of(content.stringValue())) : Optional.empty();
  }

  private JsonNode json(String file) throws IOException {
    Path path = folder.resolve(file);
    if (!Files.exists(path)) {
      return MAPPER.createObjectNode();
    }
    try {
      return MAPPER.readTree(Files.readString(path));
    } catch (JacksonException e) {
      throw new ChatException(path + ": is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private ChatException wrong(String file, String entry, String expected, JsonNode found) {
    return new ChatException(
        "%s: '%s' must be %s, but is %s".formatted(folder.resolve(file), entry, expected, found));
  }
}
