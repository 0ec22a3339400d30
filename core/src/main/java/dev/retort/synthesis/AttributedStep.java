package dev.retort.synthesis;

import dev.retort.api.ChatRequest;
import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Inline;
import dev.retort.catalog.Named;
import dev.retort.data.DataRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Has the model write texts with given attributes: a label, and for variety a style, a difficulty,
/// a length or whatever else is listed (Yu et al. 2023, AttrPrompt, arXiv 2306.15895). The label of
/// a text is the one that was asked for.
///
/// Labels take turns, so that each is asked for equally often; the other attributes are drawn. Rows
/// of an earlier step or the seeds are shown as examples, if at all, and do not go on.
///
/// @param output column that gets the text
/// @param label column that gets the label; examples have theirs there too
/// @param labels labels and what they mean
/// @param attributes further attributes with their values, a column each
/// @param count texts to write
/// @param shown examples of the label that each request shows
/// @param instructions what kind of texts they are
/// @param sampling how answers are drawn
@Named("attributed")
@Doc("Writes texts by label, style, difficulty, length: labelled by construction.")
public record AttributedStep(
    @Default("text") @Doc("Column that gets the text, and that examples have theirs in.")
        String output,
    @Default("label") @Doc("Column that gets the label, and that examples have theirs in.")
        String label,
    @Doc("The labels, each with what it means, in words for the model.") Map<String, String> labels,
    @Default("{}")
        @Doc(
            "Further attributes with their values, as in `style: [formal, casual]`; a column each.")
        Map<String, List<String>> attributes,
    @Doc("Texts to write.") int count,
    @Default("0") @Doc("Rows with the same label that each request shows as examples.") int shown,
    @Default("Write one text.") @Doc("What kind of texts they are, in words for the model.")
        String instructions,
    @Inline Sampling sampling)
    implements AskingStep {

  public AttributedStep {
    labels = new LinkedHashMap<>(labels);
    attributes = new LinkedHashMap<>(attributes);
    Check.notBlank("output", output);
    Check.notBlank("label", label);
    Check.that(!label.equals(output), "label", "is '%s', as `output` is".formatted(label));
    Check.notEmpty("labels", labels.keySet());
    Set<String> taken = new HashSet<>(Set.of(output, label));
    attributes.forEach((name, values) -> {
      Check.notEmpty("attributes." + name, values);
      Check.that(
          taken.add(name), "attributes." + name, "is the column of the text or of the label");
    });
    Check.atLeast("count", count, 1);
    Check.atLeast("shown", shown, 0);
    Check.notBlank("instructions", instructions);
  }

  @Override
  public Map<String, String> reads() {
    return shown == 0 ? Map.of() : Map.of("output", output, "label", label);
  }

  @Override
  public Set<String> adds() {
    Set<String> columns = new HashSet<>(attributes.keySet());
    columns.addAll(Set.of(output, label));
    return columns;
  }

  @Override
  public boolean keepsColumns() {
    return false;
  }

  @Override
  public boolean needsRows() {
    return shown > 0;
  }

  @Override
  public Most most(long rows) {
    return new Most(count, count);
  }

  @Override
  public List<Inquiry> inquiries(List<DataRow> rows, long seed) {
    List<String> names = List.copyOf(labels.keySet());
    Prompting prompting =
        new Prompting(
            Texts.parts(instructions, "Answer with the text alone: no title, no comment."),
            sampling.several());
    Map<String, List<String>> examples = examples(rows);
    List<Inquiry> inquiries = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      Draw draw = new Draw(seed, number);
      String name = names.get(number % names.size());
      DataRow made = drawn(DataRow.from("attributed %d".formatted(number + 1)), name, draw);
      List<String> like = draw.some(examples.getOrDefault(name, List.of()), shown);
      ChatRequest request = prompting.request(question(made, name, like)).withSample(draw.sample());
      inquiries.add(Inquiry.ask(request, made, text -> Inquiry.keep(made.with(output, text))));
    }
    return inquiries;
  }

  private Map<String, List<String>> examples(List<DataRow> rows) {
    return rows.stream()
        .filter(row -> row.text(label).isPresent() && row.text(output).isPresent())
        .collect(
            Collectors.groupingBy(
                row -> row.text(label).orElseThrow(),
                Collectors.mapping(
                    row -> row.text(output).orElseThrow(), Collectors.toUnmodifiableList())));
  }

  private DataRow drawn(DataRow empty, String name, Draw draw) {
    DataRow row = empty.with(label, name);
    for (Map.Entry<String, List<String>> attribute : attributes.entrySet()) {
      row = row.with(attribute.getKey(), draw.one(attribute.getValue()));
    }
    return row;
  }

  private String question(DataRow made, String name, List<String> like) {
    List<String> parts = new ArrayList<>();
    like.forEach(example -> parts.add(Texts.part("Example of " + name, example)));
    String meaning = labels.getOrDefault(name, "");
    parts.add(
        "Write another text with these attributes:\n"
            + "- %s: %s".formatted(label, name)
            + (meaning.isBlank() ? "" : " (" + meaning + ")"));
    String others =
        attributes.keySet().stream()
            .map(attribute -> "- %s: %s".formatted(attribute, made.text(attribute).orElseThrow()))
            .collect(Collectors.joining("\n"));
    String question = String.join("\n\n", parts);
    return others.isEmpty() ? question : question + "\n" + others;
  }
}
