package dev.retort.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.retort.chat.JsonValue;
import dev.retort.chat.jinja.TemplateException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Single lines of Jinja give what jinja2 gives, in transformers' environment
/// (`bench/peers/chat_goldens.py`).
class SnippetsTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2024-07-26T14:05:09Z"), ZoneOffset.UTC);

  /// Messages in which Python names its own functions, or counts their arguments.
  private static final Pattern PYTHONS_OWN =
      Pattern.compile(
          "(do|test)_\\w+\\(\\)|raise_exception\\(\\)|takes no arguments|expected at least \\d arg"
              + "|argument 1 must be|strip arg|must be str or None|tuple index|__round__"
              + "|method must be common|descriptor");

  @TestFactory
  Stream<DynamicTest> snippets() throws IOException {
    try (InputStream file = SnippetsTest.class.getResourceAsStream("/chat/snippets.json")) {
      JsonNode goldens = JsonMapper.shared().readTree(Objects.requireNonNull(file));
      Map<String, Value> variables = new HashMap<>();
      goldens
          .path("variables")
          .properties()
          .forEach(entry -> variables.put(entry.getKey(), JsonValue.of(entry.getValue())));
      return goldens.path("snippets").valueStream().map(golden -> test(golden, variables));
    }
  }

  private static DynamicTest test(JsonNode golden, Map<String, Value> variables) {
    String source = golden.path("source").stringValue();
    return DynamicTest.dynamicTest(
        source,
        () -> {
          if (golden.has("error")) {
            fails(source, golden.path("error"), variables);
          } else {
            assertThat(render(source, variables)).isEqualTo(golden.path("text").stringValue());
          }
        });
  }

  private static void fails(String source, JsonNode error, Map<String, Value> variables) {
    TemplateException thrown =
        catchThrowableOfType(TemplateException.class, () -> render(source, variables));

    String type = error.path("type").stringValue();
    String message = error.path("message").stringValue();
    assertThat(thrown).as("%s: %s", type, message).isNotNull();
    assertThat(thrown.kind()).isEqualTo(kind(type));
    if (thrown.kind() == Kind.SYNTAX) {
      assertThat(thrown.line()).isEqualTo(error.path("line").intValue());
    } else if (!PYTHONS_OWN.matcher(message).find()) {
      assertThat(thrown.reason()).isEqualTo(message);
    }
  }

  private static Kind kind(String type) {
    return switch (type) {
      case "TemplateError" -> Kind.RAISED;
      case "TemplateSyntaxError", "TemplateAssertionError" -> Kind.SYNTAX;
      case "UndefinedError" -> Kind.UNDEFINED;
      case "SecurityError" -> Kind.FORBIDDEN;
      default -> Kind.EVALUATION;
    };
  }

  private static String render(String source, Map<String, Value> variables) {
    return Template.of(source).render(variables, CLOCK).text();
  }
}
