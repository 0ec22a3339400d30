package dev.retort.synthesis;

import dev.retort.api.ChatRequest.AnswerSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Answers that are several texts: a numbered list, or a JSON object with a list.
///
/// @param structured whether the answer is a JSON object
record ListForm(boolean structured) {

  private static final String FIELD = "texts";
  private static final Pattern ITEM = Pattern.compile("\\s*(\\d{1,4})[.)]\\s+(.*)");

  /// How to answer with `count` texts, in words.
  String instructions(int count) {
    return structured
        ? "Answer as a JSON object whose list `%s` holds %d texts.".formatted(FIELD, count)
        : "Answer with a numbered list of %d texts, each of which begins on a line of its own with its number, a full stop and a space. Write nothing before and nothing after the list."
            .formatted(count);
  }

  /// What an answer is held to, if it is a JSON object.
  Optional<AnswerSchema> schema() {
    if (!structured) {
      return Optional.empty();
    }
    ObjectNode schema = JsonMapper.shared().createObjectNode();
    schema.put("type", "object").put("additionalProperties", false);
    schema
        .putObject("properties")
        .putObject(FIELD)
        .put("type", "array")
        .putObject("items")
        .put("type", "string");
    schema.putArray("required").add(FIELD);
    return Optional.of(new AnswerSchema(FIELD, schema.toString()));
  }

  /// The texts of an answer, at least one.
  Reading<List<String>> read(String answer) {
    return structured ? object(answer) : lines(answer);
  }

  /// Lines without a number of their own belong to the text above. Numbers that do not follow each
  /// other are part of a text.
  private static Reading<List<String>> lines(String answer) {
    List<String> texts = new ArrayList<>();
    for (String line : answer.strip().lines().toList()) {
      Matcher item = ITEM.matcher(line);
      if (item.matches() && Integer.parseInt(item.group(1)) == texts.size() + 1) {
        texts.add(item.group(2));
      } else if (texts.isEmpty()) {
        return Reading.unclear("does not begin with '1. '", answer);
      } else {
        texts.add(texts.removeLast() + "\n" + line);
      }
    }
    return checked(texts, answer);
  }

  private static Reading<List<String>> object(String answer) {
    try {
      JsonNode list = JsonMapper.shared().readTree(answer).path(FIELD);
      return list.isArray() && list.valueStream().allMatch(JsonNode::isString)
          ? checked(list.valueStream().map(JsonNode::stringValue).toList(), answer)
          : Reading.unclear("is no JSON object with a list `%s` of texts".formatted(FIELD), answer);
    } catch (JacksonException e) {
      return Reading.unclear("is no JSON", answer);
    }
  }

  private static Reading<List<String>> checked(List<String> texts, String answer) {
    List<String> stripped = texts.stream().map(String::strip).toList();
    return stripped.isEmpty() || stripped.contains("")
        ? Reading.unclear("has an empty text in its list", answer)
        : new Reading.Clear<>(stripped);
  }
}
