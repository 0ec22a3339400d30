package dev.retort.label;

import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.AnswerSchema;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import dev.retort.data.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How a chat model is asked for the label of a text: instructions and labels as the system's turn,
/// examples as turns that went before, and the text as the last turn.
///
/// The texts of a question depend on nothing but this record and the text, so that the same
/// question is never paid for twice.
///
/// @param labels names of the labels, in the order of the distribution
/// @param settings how it is asked
/// @param shown labelled texts that every question shows
public record LabelQuestion(List<String> labels, LabelSettings settings, List<Example> shown)
    implements TextQuestion {

  /// What stands before the label at the end of a rationale.
  static final String ANSWER = "Label:";

  static final String LABEL_FIELD = "label";
  static final String RATIONALE_FIELD = "rationale";

  public LabelQuestion {
    labels = List.copyOf(labels);
    shown = List.copyOf(shown);
    if (labels.size() < 2) {
      throw new IllegalArgumentException(
          "there are %d labels to choose from; a question needs two".formatted(labels.size()));
    }
  }

  @Override
  public List<ChatRequest> requests(Example example) {
    List<ChatTurn> turns = new ArrayList<>();
    turns.add(ChatTurn.system(instructions()));
    for (Example one : shown) {
      turns.add(ChatTurn.user(text(one)));
      turns.add(ChatTurn.assistant(shownAnswer(labels.get(one.label()))));
    }
    turns.add(ChatTurn.user(text(example)));
    Decoding decoding =
        new Decoding(settings.limit(), settings.drawnAt(), 1, settings.logprobs(), List.of());
    List<ChatRequest> requests = new ArrayList<>();
    for (int vote = 0; vote < settings.votes(); vote++) {
      requests.add(new ChatRequest(turns, decoding, schema(), vote));
    }
    return requests;
  }

  @Override
  public AnswerReader reader(Example example) {
    return new AnswerReader(labels, settings);
  }

  private static String text(Example example) {
    return example
        .pair()
        .map(second -> "First text: %s\nSecond text: %s".formatted(example.text(), second))
        .orElseGet(example::text);
  }

  private String instructions() {
    StringBuilder text = new StringBuilder();
    text.append(
        settings.instructions().orElse("Decide which label fits the text that you are given."));
    text.append("\n\nThe labels are:\n");
    for (String label : labels) {
      String meaning = settings.labels().get(label);
      text.append("- ").append(label).append(meaning == null ? "" : ": " + meaning).append('\n');
    }
    return text.append('\n').append(form()).toString();
  }

  private String form() {
    if (settings.structured()) {
      return settings.rationale()
          ? "Answer as JSON: reason step by step in `rationale`, then name the one `label` that fits."
          : "Answer as JSON: name the one `label` that fits.";
    }
    return settings.rationale()
        ? "Reason step by step in a few sentences. Then end with a line of the form `%s NAME`, where NAME is exactly one of the labels."
            .formatted(ANSWER)
        : "Answer with exactly one of these labels, spelt as above, and nothing else.";
  }

  /// Examples show the label alone; their rationale is not known.
  private String shownAnswer(String label) {
    if (settings.structured()) {
      return JsonMapper.shared().createObjectNode().put(LABEL_FIELD, label).toString();
    }
    return settings.rationale() ? ANSWER + " " + label : label;
  }

  private Optional<AnswerSchema> schema() {
    if (!settings.structured()) {
      return Optional.empty();
    }
    ObjectNode schema = JsonMapper.shared().createObjectNode();
    schema.put("type", "object").put("additionalProperties", false);
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    if (settings.rationale()) { // first, so that the label follows from it
      properties.putObject(RATIONALE_FIELD).put("type", "string");
      required.add(RATIONALE_FIELD);
    }
    ArrayNode names = properties.putObject(LABEL_FIELD).put("type", "string").putArray("enum");
    labels.forEach(names::add);
    required.add(LABEL_FIELD);
    return Optional.of(new AnswerSchema("label", schema.toString()));
  }
}
