package dev.retort.synthesis;

import dev.retort.api.ChatRequest.AnswerSchema;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers that reason first and end with what follows: a last line `Answer: 42`, or a JSON object
/// with both.
///
/// @param reason what the reasons are called, such as `rationale`
/// @param conclusion what the end is called, such as `answer`
/// @param allowed what may stand there; anything if empty
/// @param structured whether the answer is a JSON object
record ReasonedForm(String reason, String conclusion, List<String> allowed, boolean structured) {

  private static final String EDGE = "[\\s*_`\"'#]*";

  ReasonedForm {
    allowed = List.copyOf(allowed);
  }

  /// Both parts of an answer.
  record Reasoned(String reason, String conclusion) {}

  /// How to answer, in words.
  String instructions() {
    String choice = allowed.isEmpty() ? "" : ", exactly one of: " + String.join(", ", allowed);
    return structured
        ? "Answer as a JSON object: write your reasons step by step into `%s`, then the final result into `%s`%s."
            .formatted(reason, conclusion, choice)
        : "Write your reasons step by step. Then end with a line of its own of the form `%s …`, which holds the final result and nothing else%s."
            .formatted(marker(), choice);
  }

  /// What an answer is held to, if it is a JSON object.
  Optional<AnswerSchema> schema() {
    if (!structured) {
      return Optional.empty();
    }
    ObjectNode schema = JsonMapper.shared().createObjectNode();
    schema.put("type", "object").put("additionalProperties", false);
    ObjectNode properties = schema.putObject("properties");
    properties.putObject(reason).put("type", "string"); // first, so that the end follows from it
    ObjectNode end = properties.putObject(conclusion).put("type", "string");
    if (!allowed.isEmpty()) {
      allowed.forEach(end.putArray("enum")::add);
    }
    ArrayNode required = schema.putArray("required");
    required.add(reason).add(conclusion);
    return Optional.of(new AnswerSchema(conclusion, schema.toString()));
  }

  /// Reads an answer.
  Reading<Reasoned> read(String answer) {
    return (structured ? object(answer) : lines(answer)).then(said -> checked(said, answer));
  }

  private Reading<Reasoned> lines(String answer) {
    Pattern last =
        Pattern.compile(
            "(?:(?<reason>.*)\\n)?%s%s%s:%s(?<end>[^\\n]*?)[\\s*_`]*"
                .formatted(EDGE, Pattern.quote(conclusion), EDGE, EDGE),
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    Matcher lines = last.matcher(answer.strip());
    return lines.matches()
        ? new Reading.Clear<>(
            new Reasoned(
                Optional.ofNullable(lines.group("reason")).orElse("").strip(),
                lines.group("end").strip()))
        : Reading.unclear("does not end with a line '%s'".formatted(marker()), answer);
  }

  private Reading<Reasoned> object(String answer) {
    try {
      JsonNode json = JsonMapper.shared().readTree(answer);
      JsonNode why = json.path(reason);
      JsonNode end = json.path(conclusion);
      return why.isString() && end.isValueNode() && !end.isNull()
          ? new Reading.Clear<>(new Reasoned(why.stringValue().strip(), end.asString().strip()))
          : Reading.unclear(
              "is no JSON object with `%s` and `%s`".formatted(reason, conclusion), answer);
    } catch (JacksonException e) {
      return Reading.unclear("is no JSON", answer);
    }
  }

  private Reading<Reasoned> checked(Reasoned said, String answer) {
    if (said.reason().isEmpty()) {
      return Reading.unclear("gives no %s".formatted(reason), answer);
    }
    if (said.conclusion().isEmpty()) {
      return Reading.unclear("leaves '%s' empty".formatted(marker()), answer);
    }
    if (allowed.isEmpty()) {
      return new Reading.Clear<>(said);
    }
    String end = bare(said.conclusion());
    return allowed.stream()
        .filter(one -> bare(one).equals(end))
        .findFirst()
        .<Reading<Reasoned>>map(one -> new Reading.Clear<>(new Reasoned(said.reason(), one)))
        .orElseGet(() ->
            new Reading.Unclear<>(
                "ends with '%s', which is not one of %s"
                    .formatted(Shown.of(said.conclusion()), allowed)));
  }

  private String marker() {
    return Character.toUpperCase(conclusion.charAt(0)) + conclusion.substring(1) + ":";
  }

  /// A text without case, and without quotes and punctuation around it.
  private static String bare(String text) {
    return text.replaceAll("^[\\s\"'`*_.,;()\\[\\]]+|[\\s\"'`*_.,;()\\[\\]!]+$", "")
        .toLowerCase(Locale.ROOT);
  }
}
